"""What Discord accepts in a message, a command and an interaction's answer. Pure.

The numbers are those of Discord's documentation (resources/message, interactions/receiving-and-responding,
interactions/application-commands). Each function returns the faults it found as (path, what is wrong).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Fault = tuple[str, str]

EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15

CONTENT, NONCE, CHOICES, CHOICE_TEXT = 2000, 25, 25, 100
EMBEDS, EMBED_TOTAL, FIELDS = 10, 6000, 25
V2_COMPONENTS, V2_TEXT = 40, 4000
V2_BYTES = 10_170  # of UTF-8; more is answered with 500 (discord-api-docs, issue 8554)
SELECT_OPTIONS, SELECT_TEXT, SELECT_PLACEHOLDER = 25, 100, 150
BUTTON_URL = 512
COMMANDS_A_DAY = 200  # new names
BUTTON_LABEL, CUSTOM_ID, ROW = 80, 100, 5
MODAL_TITLE, MODAL_PARTS, LABEL, LABEL_TEXT, INPUT_VALUE, PLACEHOLDER = 45, 5, 45, 100, 4000, 100
FILES, FILE_BYTES, FILE_WORDS = 10, 10 * 1024 * 1024, 1024
FOLLOW_UPS_ELSEWHERE = 5
COMMANDS, OPTIONS, COMMAND_TOTAL = 100, 25, 8000

CREATE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
CALLBACK_TYPES = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}
"""Kind of interaction -> the answers it may get."""

SELECTS = (3, 5, 6, 7, 8)
_COMMAND_NAME = re.compile(r"^[-_'\w]{1,32}$")
_LINK = re.compile(r"https?://\S+")


def message_faults(body: Json, *, edit: bool = False, flags: int = 0) -> Iterator[Fault]:
    """The faults of a message that is created or edited; `flags` are those it already has."""
    flags |= body.get("flags") or 0
    content = body.get("content") or ""
    if len(content) > CONTENT:
        yield "content", f"Must be {CONTENT} or fewer in length."
    if len(str(body.get("nonce") or "")) > NONCE:
        yield "nonce", f"Must be {NONCE} or fewer in length."
    if not edit and not has_something(body):
        yield "", "Cannot send an empty message"
    yield from embed_faults(body.get("embeds") or [])
    yield from mention_faults(body.get("allowed_mentions"))
    yield from component_faults(body, flags)


def has_something(body: Json) -> bool:
    """Whether there is anything to show in this message."""
    keys = ("embeds", "components", "sticker_ids", "attachments", "poll")
    return bool((body.get("content") or "").strip()) or any(body.get(key) for key in keys)


def embed_faults(embeds: list[Json]) -> Iterator[Fault]:
    """Each embed's lengths, and those of all together."""
    limits = {"title": 256, "description": 4096}
    if len(embeds) > EMBEDS:
        yield "embeds", f"Must be {EMBEDS} or fewer in length."
    for number, embed in enumerate(embeds):
        for key, limit in limits.items():
            if len(embed.get(key) or "") > limit:
                yield f"embeds.{number}.{key}", f"Must be {limit} or fewer in length."
        yield from _embed_part_faults(number, embed)
    if sum(map(_embed_length, embeds)) > EMBED_TOTAL:
        yield "embeds", f"Embed size exceeds maximum size of {EMBED_TOTAL}"


def _embed_part_faults(number: int, embed: Json) -> Iterator[Fault]:
    fields = embed.get("fields") or []
    if len(fields) > FIELDS:
        yield f"embeds.{number}.fields", f"Must be {FIELDS} or fewer in length."
    for field in fields:
        if len(field.get("name", "")) > 256 or len(field.get("value", "")) > 1024:
            yield f"embeds.{number}.fields", "Must be 256 and 1024 or fewer in length."
    if len((embed.get("footer") or {}).get("text", "")) > 2048:
        yield f"embeds.{number}.footer", "Must be 2048 or fewer in length."
    if len((embed.get("author") or {}).get("name", "")) > 256:
        yield f"embeds.{number}.author", "Must be 256 or fewer in length."


def _embed_length(embed: Json) -> int:
    fields = sum(len(f.get("name", "")) + len(f.get("value", "")) for f in embed.get("fields") or [])
    texts = (embed.get("title"), embed.get("description"))
    footer, author = (embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")
    return fields + sum(len(text or "") for text in (*texts, footer, author))


def mention_faults(allowed: Json | None) -> Iterator[Fault]:
    """A kind that is parsed may not be listed one by one as well; lists hold 100."""
    if allowed is None:
        return
    parse = allowed.get("parse") or []
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if kind in parse and listed:
            yield "allowed_mentions", f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
        if len(listed) > 100:
            yield f"allowed_mentions.{kind}", "Must be 100 or fewer in length."
    if unknown := set(parse) - {"users", "roles", "everyone"}:
        yield "allowed_mentions.parse", f"Not one of the kinds: {sorted(unknown)}"


def component_faults(body: Json, flags: int) -> Iterator[Fault]:
    """Old components: five rows of five, ids only once. V2: no content beside, 40 parts, 4000 characters."""
    components = body.get("components") or []
    parts = list(_all_components(components))
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)):
        yield "components", "Component custom id cannot be duplicated"
    for part in parts:
        yield from _part_faults(part)
    if flags & COMPONENTS_V2:
        yield from _v2_faults(body, parts)
    elif len(components) > 5 or any(part["type"] != 1 for part in components):
        yield "components", "Must be action rows, 5 or fewer in length."


def _part_faults(part: Json) -> Iterator[Fault]:
    if part["type"] == 1 and not 1 <= len(part.get("components") or []) <= ROW:
        yield "components", f"A row must have between 1 and {ROW} components."
    if "custom_id" in part and not 1 <= len(part["custom_id"]) <= CUSTOM_ID:
        yield "components.custom_id", f"Must be between 1 and {CUSTOM_ID} in length."
    if part["type"] in SELECTS:
        yield from _select_faults(part)
    if part["type"] != 2:
        return
    if len(part.get("url") or "") > BUTTON_URL:
        yield "components.url", f"Must be {BUTTON_URL} or fewer in length."
    if len(part.get("label") or "") > BUTTON_LABEL:
        yield "components.label", f"Must be {BUTTON_LABEL} or fewer in length."
    if not part.get("label") and not part.get("emoji"):
        yield "components", "A button must have a label or an emoji."
    if ("custom_id" in part) == ("url" in part):
        yield "components", "A button has either a custom_id or a url."


def _select_faults(part: Json) -> Iterator[Fault]:
    options = part.get("options") or []
    if part["type"] == 3 and not 1 <= len(options) <= SELECT_OPTIONS:
        yield "components.options", f"Must be between 1 and {SELECT_OPTIONS} in length."
    if len(part.get("placeholder") or "") > SELECT_PLACEHOLDER:
        yield "components.placeholder", f"Must be {SELECT_PLACEHOLDER} or fewer in length."
    for option in options:
        texts = [option.get(key) or "" for key in ("label", "value", "description")]
        if max(map(len, texts)) > SELECT_TEXT:
            yield "components.options", f"Label, value and description: {SELECT_TEXT} or fewer."


def overflows(body: Any) -> bool:
    """Whether the text of these components is more than Discord holds, which it does not even refuse."""
    if not isinstance(body, dict):
        return False
    data: Json = body["data"] if isinstance(body.get("data"), dict) else body
    if not (data.get("flags") or 0) & COMPONENTS_V2:
        return False
    parts = _all_components(data.get("components") or [])
    return sum(len(part.get("content", "").encode()) for part in parts) > V2_BYTES


def modal_faults(data: Json) -> Iterator[Fault]:
    """A modal: its title, one to five parts, and the lengths of labels and inputs."""
    if not 1 <= len(data.get("title") or "") <= MODAL_TITLE:
        yield "data.title", f"Must be between 1 and {MODAL_TITLE} in length."
    if not 1 <= len(data.get("custom_id") or "") <= CUSTOM_ID:
        yield "data.custom_id", f"Must be between 1 and {CUSTOM_ID} in length."
    parts = data.get("components") or []
    if not 1 <= len(parts) <= MODAL_PARTS:
        yield "data.components", f"Must be between 1 and {MODAL_PARTS} in length."
    for part in parts:
        given = part.get("component") or (part.get("components") or [{}])[0]
        label, text = part.get("label") or given.get("label") or "", part.get("description") or ""
        if not 1 <= len(label) <= LABEL or len(text) > LABEL_TEXT:
            yield "data.components.label", f"Label 1 to {LABEL}, description {LABEL_TEXT} or fewer."
        if len(given.get("value") or "") > min(INPUT_VALUE, given.get("max_length") or INPUT_VALUE):
            yield "data.components.value", "The value is too long."
        if len(given.get("placeholder") or "") > PLACEHOLDER:
            yield "data.components.placeholder", f"Must be {PLACEHOLDER} or fewer in length."


def file_faults(files: list[tuple[str, bytes]], told: list[Json]) -> Iterator[Fault]:
    """Ten files, ten MiB each; what is told of each (by its number) has at most 1024 characters."""
    for one in told:
        if len(one.get("description") or "") > FILE_WORDS:
            yield "attachments.description", f"Must be {FILE_WORDS} or fewer in length."
    if len(files) > FILES:
        yield "files", f"Must be {FILES} or fewer."
    for name, data in files:
        if len(data) > FILE_BYTES:
            yield f"files.{name}", "Request entity too large"


def _v2_faults(body: Json, parts: list[Json]) -> Iterator[Fault]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            yield key, f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
    if len(parts) > V2_COMPONENTS:
        yield "components", f"Must be {V2_COMPONENTS} or fewer in total."
    if sum(len(part.get("content", "")) for part in parts if part["type"] == 10) > V2_TEXT:
        yield "components", f"Text must be {V2_TEXT} or fewer in total."


def _all_components(components: list[Json]) -> Iterator[Json]:
    for part in components:
        yield part
        yield from _all_components(part.get("components") or [])
        if "accessory" in part:
            yield part["accessory"]


def choice_faults(choices: list[Json]) -> Iterator[Fault]:
    """The choices of an autocomplete: at most 25, name and value of 1 to 100 characters."""
    if len(choices) > CHOICES:
        yield "data.choices", f"Must be {CHOICES} or fewer in length."
    for number, choice in enumerate(choices):
        if not 1 <= len(choice.get("name", "")) <= CHOICE_TEXT:
            yield f"data.choices.{number}.name", f"Must be between 1 and {CHOICE_TEXT} in length."
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= CHOICE_TEXT:
            yield f"data.choices.{number}.value", f"Must be between 1 and {CHOICE_TEXT} in length."


def command_faults(commands: list[Json]) -> Iterator[Fault]:
    """Names, descriptions, options (required ones first) and the total length of each command."""
    if len(commands) > COMMANDS:
        yield "", "Maximum number of application commands reached"
    for number, command in enumerate(commands):
        options = command.get("options") or []
        slash = command.get("type", 1) == 1
        if not (good_name(command["name"]) if slash else 1 <= len(command["name"]) <= 32):
            yield f"{number}.name", "Command name is invalid"
        if not slash and command.get("description"):
            yield f"{number}.description", "Only slash commands have a description"
        if not 1 <= len(command.get("description", "")) <= 100 and command.get("type", 1) == 1:
            yield f"{number}.description", "Must be between 1 and 100 in length."
        if len(options) > OPTIONS:
            yield f"{number}.options", f"Must be {OPTIONS} or fewer in length."
        yield from _option_faults(number, options)
        yield from _localised_faults(number, command, slash=slash)
        for option in options:
            yield from _option_faults(number, option.get("options") or [])
        if _command_length(command) > COMMAND_TOTAL:
            yield str(number), f"Command exceeds maximum size ({COMMAND_TOTAL})"


def _option_faults(number: int, options: list[Json]) -> Iterator[Fault]:
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield f"{number}.options", "Required options must be placed before non-required options"
    for option in options:
        if not good_name(option["name"]) or not 1 <= len(option.get("description", "")) <= 100:
            yield f"{number}.options", f"Option {option['name']!r}: name or description is invalid"
        yield from _localised_faults(number, option)
        if option.get("autocomplete") and option.get("choices"):
            yield f"{number}.options", "Autocomplete and choices exclude each other"


def _localised_faults(number: int, part: Json, *, slash: bool = True) -> Iterator[Fault]:
    for name in (part.get("name_localizations") or {}).values():
        if not (good_name(name) if slash else 1 <= len(name) <= 32):
            yield f"{number}.name_localizations", f"{name!r} is invalid"
    for text in (part.get("description_localizations") or {}).values():
        if not 1 <= len(text) <= 100:
            yield f"{number}.description_localizations", "Must be between 1 and 100 in length."


def good_name(name: str) -> bool:
    """Whether Discord takes it as the name of a command or an option: lower case, no spaces, 1 to 32."""
    return bool(_COMMAND_NAME.match(name)) and name == name.lower()


def _command_length(command: Json) -> int:
    texts = [command["name"], command.get("description", "")]
    options = command.get("options") or []
    for option in [*options, *(inner for one in options for inner in one.get("options") or [])]:
        texts += [option["name"], option.get("description", "")]
        texts += [str(choice["name"]) + str(choice["value"]) for choice in option.get("choices") or []]
    return sum(map(len, texts))


def pinged(content: str, allowed: Json | None, *, default_everyone: bool = True) -> set[str]:
    """Whom this text would ping: user and role ids, and "everyone".

    Without `allowed_mentions` an ordinary message pings all that it names, an interaction's only users.
    """
    parse = set((allowed or {}).get("parse") or [])
    if allowed is None:
        parse = {"users", "roles", "everyone"} if default_everyone else {"users"}
    users, roles = re.findall(r"<@!?(\d+)>", content), re.findall(r"<@&(\d+)>", content)
    listed = allowed or {}
    found = {u for u in users if "users" in parse or u in (listed.get("users") or [])}
    found |= {r for r in roles if "roles" in parse or r in (listed.get("roles") or [])}
    if "everyone" in parse and re.search(r"@(everyone|here)\b", content):
        found.add("everyone")
    return found


def shows_preview(message: Json) -> bool:
    """Whether Discord would draw a link preview under this message."""
    if message["flags"] & SUPPRESS_EMBEDS:
        return False
    shown = re.sub(r"```.*?```|<https?://[^>\s]+>", "", message["content"], flags=re.DOTALL)
    return bool(_LINK.search(shown))  # neither code nor <links> are drawn
