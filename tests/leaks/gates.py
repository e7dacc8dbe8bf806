"""Who may come in at which door: every route of the rooms, by the entry with the secrets and what waits around it.

Known by heart on purpose: a new route fails until somebody says here for whom it is. Django's pages under /verwaltung/ are the
caretakers' of the house, all of them; allauth's say themselves who is signed in.
"""

from tests.leaks import decided
from tests.leaks.owning import CO_OWNERS, OF_MEMBER, OF_ORGANISATION, OFFICES, OWN
from tests.leaks.secrets import (
    CARETAKER,
    CARETAKERS,
    ELSEWHERE,
    EVERYBODY,
    GUEST,
    HOUSE,
    NEIGHBOUR,
    NETWORK,
    NOBODY,
    OUTSIDER,
    OWNER,
    OWNERS,
    STEWARDS,
    TEAM,
    Circle,
)
from tests.leaks.together import BOTH_SIDES, KEEPERS, NETWORKED, SEE_PROJECT

SIGNED_IN = EVERYBODY - {GUEST}
VOTERS: Circle = frozenset({NEIGHBOUR, NETWORK, OWNER, CARETAKER})
"""Who answers for an organisation of the network, and the caretakers of the house."""
CARE_SOMEWHERE = CARETAKERS | {ELSEWHERE}
LOOK_AFTER_SOMETHING = STEWARDS | {OUTSIDER, NEIGHBOUR, NETWORK}

_OPEN = """
    places-api:tile directory-api:organisation_json directory-api:organisation_jsonld directory-api:organisation_vcard
    directory-api:organisation_map duplicates-api:check editing-api:place editing-api:place_map opendata-api:root opendata-api:openapi
    contributions-api:openapi
    opendata-api:organisations opendata-api:entries
    opendata-api:organisation opendata-api:terms opendata-api:suggest opendata-api:points opendata-api:sources
    opendata-api:version opendata-api:csv opendata-api:geojson opendata-api:jsonld opendata-api:schema opendata-api:catalogue
    home-api:healthz home-api:robots home-api:sitemap home-api:sitemap_part home-api:security home-api:network_map
    home:start home:exchange home:codetermination home:imprint home:privacy home:accessibility web:components people:goodbye
    directory:organisation stewards:claim editing:new editing:history editing:revision suggestions:propose suggestions:suggest
    suggestions:report suggestions:thanks suggestions:twin suggestions:notice suggestions:problem suggestions:register
    freshness:network freshness-api:network_csv atlas:map atlas:embed_form atlas:embed atlas:feed atlas:figures atlas:figure_csv
    atlas-api:tile atlas-api:tile_geojson atlas-api:places
    enquiries:figures enquiries-api:figures_csv exchange:listings exchange:feed exchange-api:listings exchange-api:points exchange-api:tile
    projects:projects projects:feed
    cockpit:cooperatives cockpit:cooperative constitution:statute constitution:statute_version constitution:statute_document
    constitution:statute_paper constitution:offices joining:join joining:join_particulars joining:join_shares joining:join_review
    joining:join_discard joining:join_embed
    proposals:proposals ideas:ideas opinions:opinions ballots:ballots
    resolutions:resolutions resolutions:table resolutions-api:open_json resolutions-api:open_csv
    opendata:data opendata:interface commons:rules commons:version commons:requests commons:ask commons:asked commons:request
"""
_BY_LINK = """
    notices-api:feed people:no_mail stewards:invitation suggestions:status suggestions:report_status freshness:answer freshness:gone
    freshness:stop commons:own_request notices:unsubscribe circles:mail_invitation circles-api:calendar_feed calendars-api:feed
    members:link joining:application joining:application_document joining:application_withdraw
"""
_SIGNED_IN = """
    projects:new projects:mine
    people:mine people:notices people:read_all people:mail people:data people:download people:erase people:consents people:withdraw
    circles:new enquiries:inbox enquiries:blocks exchange:new exchange:mine stewards:vouch notices:follow notices:follows notices:renew_feed
    matching:overview calendars:calendar
"""
_OWN = """
    members:own members:own_data members:own_looks members:own_extract money:account banking:own_mandate banking:revoke_own_mandate
    banking:own_account contributions:own joining:further leaving:leave leaving:withdraw leaving:transfer
"""
"""Of whoever is a member; the board of the scene is none."""
_OFFICES = """
    constitution:set_up constitution:settings constitution:statute_edit constitution:statute_begin constitution:statute_discard
    constitution:statute_adopt constitution:draft_document constitution:statute_step constitution:late_document
    constitution:statute_withdraw constitution:give_office constitution:office
    members:register members:reveal members:export members:groups members:group members:inspection_log members:changes members:change
    members:member members:member_data members:member_group members:member_reverse members:member_account members:member_organisation
    members:member_extract
    money:money money:receive money:withdraw money:fees money:reminders money:payables money:payable money:pay money:block money:ledger
    money:booking money:balance money:capitals money:capitals_csv money:export money:datev money:csv money:numbers money:accounts
    money:account_change money:member_account
    banking:statements banking:upload banking:discard_upload banking:book_certain banking:line banking:book banking:settle banking:ignore
    banking:heed banking:undo banking:owe_rest banking:mandates banking:member_accounts banking:revoke_mandate banking:debits
    banking:payouts banking:ask_for_account banking:run banking:file banking:execute banking:cancel banking:came_back
    contributions:confirm contributions:enter contributions:ledger contributions:reverse contributions:files contributions:file
    contributions:rules contributions:new_type contributions:change_type contributions:end_confirmer contributions:new_key
    contributions:revoke_key contributions:rule
    joining:desk joining:desk_paper joining:desk_batch joining:desk_application joining:desk_document joining:desk_admit
    joining:desk_refuse joining:desk_ask
    leaving:desk leaving:enter leaving:settlements leaving:dissolved leaving:enter_transfer leaving:termination
    intake:intake intake:template intake:one intake:columns intake:findings intake:start intake:discard intake:undo
    surplus:new surplus:edit surplus:book surplus:reverse surplus:drop
    networks:fees networks:scheme networks:drop_scheme networks:take_back_fee
    auditing:folder opinions:new proposals:admission ballots:new resolutions:new
"""
"""Registers and books: of those who hold an office, the board here. Looking after the entry or the network opens none of them."""
_GATES: dict[Circle, str] = {
    EVERYBODY: _OPEN + _BY_LINK + " feedback:rounds circles:circles matching:how",
    SIGNED_IN: _SIGNED_IN,
    NOBODY: """web:mailbox web:letter commons-api:data stewards:prove stewards:my_invitation stewards:change_claim
        duplicates:undo duplicates:reopen comments:change comments:delete comments:restore exchange-api:listing_json
        exchange-api:listing_jsonld projects-api:project_json circles:name_coordinator
        contributions-api:contributions""",
    NETWORKED: """exchange:found exchange:listing comments:thread comments:follow comments:comment files:at files:one
        suggestions:report_thing suggestions:notice_thing matching:matches enquiries:ask""",
    KEEPERS: """exchange:edit exchange:publish exchange:extend exchange:close exchange:reopen exchange:discard
        matching:misfits matching:misfit matching:take_back matching:recommend enquiries:lift projects:edit projects:publish
        projects:unpublish
        projects:discard projects:step projects:take_back_step projects:add_update projects:edit_update projects:want projects:parts
        feedback:ask feedback:correct feedback:invite feedback:extend feedback:close feedback:reply""",
    KEEPERS | {OUTSIDER}: "projects:part",
    BOTH_SIDES: "enquiries:thread enquiries:outcome enquiries:contact enquiries:withdraw enquiries:settle enquiries:block",
    SEE_PROJECT: "projects:found projects:project projects:pitch projects:adopt projects:offer feedback:round feedback:summary",
    frozenset({OUTSIDER, NEIGHBOUR, NETWORK}): "feedback:give",
    frozenset({NEIGHBOUR, NETWORK}): "feedback:decline",
    frozenset({NETWORK}): "matching:take_back_recommendation",
    OWN: _OWN,
    OF_MEMBER: """contributions:undo members:statistics members:inspection members:inspection_list
        money:request money:request_code money:request_slip money:certificate leaving:document leaving:transferring surplus:years
        surplus:year contributions:contributions contributions:live""",
    OF_ORGANISATION: "networks:member networks:size networks:represent networks:confirm networks:end",
    CO_OWNERS: "networks:networks proposals:new ideas:new ideas:similar",
    OFFICES: _OFFICES  # the same circle as those inside
    + """people:read circles:settings circles:archive circles:leave circles:members circles:member circles:invite
        circles:withdraw
        circles:new_note circles:note circles:edit_note circles:remove_note circles:versions circles:version circles:calendar
        circles:feed circles:new_date circles:date circles:new_link circles:link circles:new_task circles:task circles:tick""",
    LOOK_AFTER_SOMETHING: "duplicates:pairs duplicates:merges",
    LOOK_AFTER_SOMETHING | {ELSEWHERE}: "editing:invite",
    STEWARDS | {OUTSIDER}: "duplicates:pair duplicates:say duplicates:answer duplicates:ask duplicates:merge",
    TEAM: "stewards:team stewards:leave",
    STEWARDS: """files:remove files:restore projects:hand_over projects:end_handover circles:circle circles:join circles:answer
        editing:entered editing:edit editing:settle editing:restore suggestions:inbox suggestions:decide
        freshness:confirm""",
    OWNERS: "stewards:decide stewards:invite stewards:member stewards:change_invitation editing:off freshness:end",
    CARETAKERS: """comments:hide comments:unhide exchange:hide exchange:unhide projects:hide
        suggestions:judge suggestions:judge_appeal editing:look freshness:care freshness:settle_bounce
        freshness:settle_end freshness:settle_link""",
    CARE_SOMEWHERE: "desk:desk",
    HOUSE: "desk:background desk:task desk:looked desk:who desk:end desk:end_house commons:decide",
    VOTERS: "commons:propose commons:edit commons:put_to_vote commons:drop",
    VOTERS - {CARETAKER}: "commons:vote",
    frozenset({OUTSIDER, NEIGHBOUR, NETWORK, OWNER}): "commons:answer",
    frozenset({NEIGHBOUR}): "networks:answer notices:change feedback:take_back feedback:drop",
}
GATES: dict[str, Circle] = {route: circle for circle, named in _GATES.items() for route in named.split()} | decided.GATES

ACCOUNTS = ("account_", "mfa_", "usersessions_", "socialaccount_")
"""allauth's pages. Signing in, codes and passwords are tested in tests/people; here they only may not fail or tell anything."""
