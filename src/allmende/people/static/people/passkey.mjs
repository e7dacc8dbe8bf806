// Says it on the page when a passkey did not work, and hides the button where browsers know none.
const button = document.getElementById("passkey-knopf");
const trouble = document.getElementById("passkey-fehler");

if (button && !window.PublicKeyCredential) button.hidden = true;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // or it would be written to the console, where nobody looks
  if (trouble) trouble.hidden = false;
});

button?.addEventListener("click", () => {
  if (trouble) trouble.hidden = true;
});
