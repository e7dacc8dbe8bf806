"""allauth's pages under German addresses (ADR 0009). Their names stay allauth's own, because its code links to them by name.

Mounted by config/urls.py, without a namespace, for both languages.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", account.signup, name="account_signup"),
    path("noch-einmal-anmelden/", account.reauthenticate, name="account_reauthenticate"),
    path("e-mail/", account.email, name="account_email"),
    path("e-mail/bestaetigen/", account.email_verification_sent, name="account_email_verification_sent"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("passwort/neu/", account.complete_password_reset, name="account_complete_password_reset"),
    path("passwort/fertig/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("anmelden/code/", account.request_login_code, name="account_request_login_code"),
    path("anmelden/code/eingeben/", account.confirm_login_code, name="account_confirm_login_code"),
    path("zwei-faktor/", mfa.index, name="mfa_index"),
    path("zwei-faktor/anmelden/", mfa.authenticate, name="mfa_authenticate"),
    path("zwei-faktor/noch-einmal/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("zwei-faktor/app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path("zwei-faktor/app/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zwei-faktor/notfallcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("zwei-faktor/notfallcodes/neu/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("zwei-faktor/notfallcodes/datei/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/neu/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/anmelden/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/noch-einmal/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/loeschen/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/benennen/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sitzungen/", sessions.list_usersessions, name="usersessions_list"),
    path("extern/", social.connections, name="socialaccount_connections"),
    path("extern/registrieren/", social.signup, name="socialaccount_signup"),
    path("extern/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("extern/fehler/", social.login_error, name="socialaccount_login_error"),
]
