"""The addresses of this room: the books for offices, and what members see of them."""

from django.urls import path

from allmende.money.views import asking, books, charging, ledger, overview, owing, own, reminding, setting

app_name = "money"
AT = "genossenschaft/<slug:slug>/"
MONEY = f"{AT}kasse/"
REQUEST = f"{MONEY}forderung/<uuid:uuid>/"
PAYABLE = f"{MONEY}auszahlungen/<uuid:uuid>/"

urlpatterns = [
    path(MONEY, overview.money, name="money"),
    path(REQUEST, asking.request_page, name="request"),
    path(f"{REQUEST}code.svg", asking.request_code, name="request_code"),
    path(f"{REQUEST}brief/", asking.request_slip, name="request_slip"),
    path(f"{REQUEST}zahlung/", asking.receive, name="receive"),
    path(f"{REQUEST}zurueckziehen/", asking.withdraw, name="withdraw"),
    path(f"{MONEY}beitraege/", charging.fees, name="fees"),
    path(f"{MONEY}erinnerungen/", reminding.reminders, name="reminders"),
    path(f"{MONEY}auszahlungen/", owing.payables, name="payables"),
    path(PAYABLE, owing.payable, name="payable"),
    path(f"{PAYABLE}bezahlt/", owing.pay, name="pay"),
    path(f"{PAYABLE}sperre/", owing.block, name="block"),
    path(f"{MONEY}buchungen/", ledger.ledger, name="ledger"),
    path(f"{MONEY}buchungen/<uuid:uuid>/", ledger.booking, name="booking"),
    path(f"{MONEY}salden/", books.balance, name="balance"),
    path(f"{MONEY}guthaben/", books.capitals, name="capitals"),
    path(f"{MONEY}guthaben/liste.csv", books.capitals_csv, name="capitals_csv"),
    path(f"{MONEY}export/", books.export, name="export"),
    path(f"{MONEY}export/datev/", books.datev, name="datev"),
    path(f"{MONEY}export/csv/", books.plain, name="csv"),
    path(f"{MONEY}konten/", setting.numbers, name="numbers"),
    path(f"{MONEY}bankverbindung/", setting.accounts, name="accounts"),
    path(f"{MONEY}bankverbindung/<int:pk>/", setting.account_change, name="account_change"),
    path(f"{MONEY}mitglied/<int:number>/", own.member_account, name="member_account"),
    path(f"{MONEY}mitglied/<int:number>/bestaetigung/", own.certificate, name="certificate"),
    path(f"{AT}ich/konto/", own.account, name="account"),
]
