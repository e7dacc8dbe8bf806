"""What is right when people begin or stop looking after an entry. Plain values in, no database, no clock.

Roles and proofs are the words of `directory.Role` and `directory.Proof`.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allmende.ground.text import ascii_domain

RANK = {"member": 1, "editor": 2, "owner": 3}

CLAIM_DAYS = 30
"""So long a claim stays open; then it expires, and can be made again."""

LINK_DAYS = 3
"""So long the link in the letter to the organisation's own domain can be used."""

OWNERS_ANSWER_DAYS = 7
"""So long the owners of an entry have a proved claim for themselves; then it is shown to the caretakers, too."""

INVITATION_DAYS = 14
FORGET_INVITATION_DAYS = 60
"""So long the link of an invitation works; and so long after the last letter until the address is forgotten."""

VOUCHES = 2
VOUCH_AFTER_DAYS = 30
"""So long an entry that somebody entered themselves is there before those who look after it can vouch in its name."""

CLAIMS_A_DAY = 5
LETTERS_A_CLAIM = 5
LETTERS_AN_INVITATION = 4
OPEN_INVITATIONS = 30
INVITATIONS_A_DAY = 40

FREEMAIL = frozenset(
    """
    126.com 163.com a1.net abv.bg alice-dsl.net alice.de alice.it aon.at arcor.de autistici.org azet.sk bk.ru bluemail.ch
    bluewin.ch blueyonder.co.uk btconnect.com btinternet.com btopenworld.com centrum.cz centrum.sk chello.at citromail.hu
    disroot.org drei.at email.cz email.de ewe.net ewetel.net fastmail.com fastmail.fm free.fr freemail.hu freenet.de
    freeserve.co.uk fsmail.net gmail.com gn.apc.org hetnet.nl hispeed.ch home.nl htp-tel.de hushmail.com immerda.ch in.gr
    inbox.com inbox.lv inode.at interia.pl inventati.org kabelbw.de kabelmail.de kolabnow.com kpnmail.nl laposte.net libero.it
    list.ru live.at live.be live.co.uk live.com live.de live.fr live.it live.nl liwest.at lycos.de mac.com magenta.de mail.be
    mail.com mail.de mail.ru mailbox.org mailfence.com me.com mnet-mail.de mnet-online.de msn.com msn.de nadir.org netcologne.de
    neuf.fr ntlworld.com o2.co.uk o2.pl o2mail.de o2online.de onet.eu onet.pl online.de op.pl orange.es orange.fr osnanet.de
    otenet.gr passport.com phonecoop.coop planet.nl plus.net pm.me poczta.onet.pl proton.ch proton.me qq.com quicknet.nl
    rambler.ru riseup.net sapo.pt servus.at seznam.cz sfr.fr sky.com skynet.be snafu.de so36.net sunrise.ch supanet.com
    swissonline.ch systemausfall.org systemli.org t-online.de talk21.com talktalk.net tele2.at telenet.be tin.it tuta.com
    tuta.io tutamail.com ukr.net unitybox.de utanet.at uwclub.net versanet.de virgilio.it virgin.net virginmedia.com vodafone.de
    vodafonemail.de volny.cz vtxmail.ch wanadoo.fr web.de windowslive.com wp.pl xs4all.nl ziggo.nl zoho.com zoznam.sk
    """.split()
)
"""Where anybody gets a mailbox: such an address shows nothing about an organisation."""

FREEMAIL_HOUSES = frozenset(
    "aol gmx googlemail hotmail icloud outlook posteo protonmail rocketmail tiscali tutanota yahoo yandex ymail".split()
)
"""The same under every country's ending: `yahoo.gr`, `hotmail.co.uk`."""

PLATFORMS = frozenset(
    """
    about.me airbnb.com altervista.org amazonaws.com azurewebsites.net bandcamp.com beepworld.de betterplace.org blackblogs.org
    blogger.com blogspot.com blogspot.de bplaced.net bsky.app business.site cargo.site carrd.co chayns.net chayns.site
    cloudfront.net de.tl deviantart.com eatbu.com ebay.de ecwid.com etsy.com eventbrite.de facebook.com fb.com fb.me
    firebaseapp.com fly.dev framapad.org github.com github.io gitlab.com gitlab.io glitch.me godaddysites.com goo.gl google.com
    herokuapp.com homepage-baukasten.de hotglue.me hpage.com instagram.com ionos.space it.gg jimdo.com jimdofree.com jimdosite.com
    kulturkurier.de lima-city.de linkedin.com linktr.ee linktree.com localinfo.jp mastodon.social medium.com meetup.com
    my-free.website myshopify.com mystrikingly.com netlify.app netlify.com nextcloud.com noblogs.org notion.site npage.de one.com
    onepage.me onrender.com over-blog.com pages.dev patreon.com railway.app render.com shopify.com simplesite.com site123.me
    sites.google.com square.site squarespace.com startnext.com steady.page steadyhq.com strikingly.com substack.com surge.sh t.me
    tiktok.com tumblr.com twitch.tv twitter.com typepad.com vercel.app vimeo.com vk.com web.app webador.de webflow.io webnode.com
    webnode.page weebly.com whatsapp.com wikidata.org wikipedia.org wix.com wixsite.com wordpress.com wordpress.org x.com xing.com
    yelp.com yola.com youtu.be youtube.com
    """.split()
)
"""Houses with many tenants: neither they nor what lies below them belongs to one organisation."""


def domain_of(address: str) -> str:
    """The domain of an e-mail address, in the spelling machines use; empty where there is none."""
    return _plain(address.rpartition("@")[2]) if "@" in address else ""


def host_of(website: str) -> str:
    """The host of a web address without `www.`; empty where there is none."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return _plain(host).removeprefix("www.")


def _plain(domain: str) -> str:
    """Small letters and the ASCII form of umlauts (`bäcker.de` is `xn--bcker-gra.de`), so that both spellings are the same."""
    return ascii_domain(domain.strip().rstrip("."))


def is_own(domain: str) -> bool:
    """Whether a domain can belong to one organisation: it has a dot and a name, and is no mailbox house and no platform.

    There is no list of public suffixes here, so nothing is derived: only the very domain the entry names counts, never its parent.
    """
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit() or domain in FREEMAIL:
        return False
    if labels[0] in FREEMAIL_HOUSES and len(labels) <= 3 and all(len(ending) <= 4 for ending in labels[1:]):
        return False
    return not any(".".join(labels[start:]) in PLATFORMS for start in range(len(labels)))


def own_domains(website: str, email: str) -> frozenset[str]:
    """The domains at which an address shows that somebody belongs to the organisation."""
    return frozenset(domain for domain in (host_of(website), domain_of(email)) if is_own(domain))


def role_for(has_owner: bool, wished: str = "") -> str:
    """What a granted claim makes of a person: who comes first answers for the entry, later ones edit, unless decided otherwise."""
    return (wished if wished in {"owner", "editor"} else "editor") if has_owner else "owner"


def is_higher(role: str, than: str) -> bool:
    """Whether a role may do more than another."""
    return RANK[role] > RANK[than]


def loses_last_owner(owners: int, before: str, after: str | None) -> bool:
    """Whether a change of one person's role (`after` is None: it ends) would leave the entry without anybody who answers for it."""
    return before == "owner" and after != "owner" and owners <= 1


def is_past(sent_at: datetime | None, days: int, now: datetime) -> bool:
    """Whether something sent then is too old now; what was never sent is."""
    return sent_at is None or now - sent_at > timedelta(days=days)


def waits_for_caretakers(proof: str, has_owner: bool, proved_at: datetime | None, now: datetime) -> bool:
    """Whether a claim stands on the caretakers' desk: asked of them, or proved and left without an answer by the owners."""
    if proof == "granted":
        return True
    return proved_at is not None and (not has_owner or is_past(proved_at, OWNERS_ANSWER_DAYS, now))


def is_enough(vouches: int) -> bool:
    """Two people of two other organisations."""
    return vouches >= VOUCHES


def is_country(code: str) -> bool:
    """Two letters as in ISO 3166-1, or nothing said."""
    return not code or (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper())
