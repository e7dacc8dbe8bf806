#!/usr/bin/env bash
# Re-makes what we ship of other people's browser files: MapLibre GL JS and the Phosphor icons in the sprite.
# Maintainers only: the results are committed, and a test compares them with web/vendor.json.
# Needs npm and python3. Versions stand in tools/package.json, hashes in tools/package-lock.json.
#   new version:  edit package.json, then  (cd tools && npm install --package-lock-only)  and run this script
set -euo pipefail
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp package.json package-lock.json .npmrc "$tmp/"
npm ci --silent --ignore-scripts --prefix "$tmp"
python3 - "$tmp/node_modules" ../src/allmende/web icons.txt <<'P'
import hashlib, json, re, sys
from pathlib import Path

modules, web, wanted = map(Path, sys.argv[1:])
static = web / "static/web"
entries = []


def package(name):
    return json.loads((modules / name / "package.json").read_text())


def note(name, path, source):
    data = package(name)
    entries.append({
        "package": name, "version": data["version"], "licence": data["license"], "source": source,
        "file": path.relative_to(web).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    })


# MapLibre: the published, minified files. The source-map lines go, because the maps do not come along
# and hashed static file storage refuses references to files that are not there.
target = static / "vendor/maplibre-gl"
target.mkdir(parents=True, exist_ok=True)
for source, name in (
    ("dist/maplibre-gl.mjs", "maplibre-gl.mjs"),
    ("dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs"),
    ("dist/maplibre-gl.css", "maplibre-gl.css"),
    ("LICENSE.txt", "LICENSE.txt"),
):
    text = (modules / "maplibre-gl" / source).read_text(encoding="utf-8")
    if not name.endswith(".txt"):
        text = re.sub(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "\n", text)
        assert "sourceMappingURL=maplibre" not in text, name
    (target / name).write_text(text, encoding="utf-8")
    note("maplibre-gl", target / name, source)

# Icons: every symbol i-* is taken afresh from the package; those in icons.txt that the sprite lacks come in before the mark.
sprite = static / "sprite.svg"
svg = sprite.read_text(encoding="utf-8")


def symbol(name):
    source = (modules / f"@phosphor-icons/core/assets/regular/{name}.svg").read_text(encoding="utf-8")
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.S).group(1).strip()
    return f'<symbol id="i-{name}" viewBox="0 0 256 256">{body}</symbol>'


svg = re.sub(r'<symbol id="i-([a-z-]+)".*?</symbol>', lambda m: symbol(m.group(1)), svg)
names = " ".join(line for line in wanted.read_text().splitlines() if not line.startswith("#")).split()
new = [symbol(n) for n in names if f'id="i-{n}"' not in svg]
if new:
    svg = svg.replace('<symbol id="mark"', "\n".join(new) + '\n<symbol id="mark"', 1)
sprite.write_text(svg, encoding="utf-8")
note("@phosphor-icons/core", sprite, "assets/regular")
note("@phosphor-icons/core", static / "sprite.LICENSE.txt", "LICENSE")

(web / "vendor.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
icons = len(re.findall(r"<symbol id=.i-", svg))
print(f"{len(entries)} files; {icons} icons, {len(new)} of them new")
P
