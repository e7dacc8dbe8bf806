"""allauth's pages under German addresses (ADR 0009). Their names stay allauth's own, because its code links to them by name.

Mounted by config/urls.py, without a namespace, for both languages.
"""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from allmende.people.views import fresh
from allmende.web.limits import slow_down

TRIES_A_MINUTE = 20
"""So often a minute one client may send a form of signing in; allauth counts by account besides."""


def _slow(view: Any) -> Any:
    return slow_down(view, "account", TRIES_A_MINUTE)


urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", _slow(account.login), name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", _slow(account.signup), name="account_signup"),
    path("noch-einmal-anmelden/", _slow(account.reauthenticate), name="account_reauthenticate"),
    path("e-mail/", _slow(fresh(account.email)), name="account_email"),
    path("e-mail/bestaetigen/", _slow(account.email_verification_sent), name="account_email_verification_sent"),
    path("passwort/", _slow(account.password_change), name="account_change_password"),
    path("passwort/setzen/", _slow(fresh(account.password_set)), name="account_set_password"),
    path("passwort/vergessen/", _slow(account.password_reset), name="account_reset_password"),
    path("passwort/vergessen/code/", _slow(account.confirm_password_reset_code), name="account_confirm_password_reset_code"),
    path("passwort/neu/", _slow(account.complete_password_reset), name="account_complete_password_reset"),
    path("passwort/fertig/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("anmelden/code/", _slow(account.request_login_code), name="account_request_login_code"),
    path("anmelden/code/eingeben/", _slow(account.confirm_login_code), name="account_confirm_login_code"),
    path("zwei-faktor/", mfa.index, name="mfa_index"),
    path("zwei-faktor/anmelden/", _slow(mfa.authenticate), name="mfa_authenticate"),
    path("zwei-faktor/noch-einmal/", _slow(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("zwei-faktor/app/einrichten/", _slow(fresh(totp.activate_totp)), name="mfa_activate_totp"),
    path("zwei-faktor/app/abschalten/", fresh(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("zwei-faktor/notfallcodes/", fresh(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("zwei-faktor/notfallcodes/neu/", fresh(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("zwei-faktor/notfallcodes/datei/", fresh(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("passkeys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/neu/", fresh(keys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/anmelden/", _slow(keys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/noch-einmal/", _slow(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/loeschen/", fresh(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/benennen/", fresh(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("sitzungen/", sessions.list_usersessions, name="usersessions_list"),
    path("extern/", fresh(social.connections), name="socialaccount_connections"),
    path("extern/registrieren/", _slow(social.signup), name="socialaccount_signup"),
    path("extern/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("extern/fehler/", social.login_error, name="socialaccount_login_error"),
]

if settings.ENV.oidc_is_on:
    from allauth.socialaccount.providers.openid_connect import views as elsewhere

    urlpatterns += [
        path("anderswo/<slug:provider_id>/", _slow(elsewhere.login), name="openid_connect_login"),
        path("anderswo/<slug:provider_id>/zurueck/", elsewhere.callback, name="openid_connect_callback"),
    ]
