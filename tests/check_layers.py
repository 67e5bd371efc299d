"""Holds every include under src/ to the layers that cmake/layers.cmake declares: check_layers.py LAYERS SRC

LAYERS is what CMake wrote down: per line a layer, "pure" or "-", and the layers that it may name. A pure layer also
knows no socket, no file and no clock: it may include only the headers below, and call none of the functions below.
No two files give one name to different types: C++'s one-definition rule, which a compiler that sees one file at a time
cannot hold. Exit 1 with a line per offence. `check_layers.py --self-test` shows that each kind of offence is found.
"""
import re
import sys
import tempfile
from pathlib import Path

# What a pure layer may include: the standard's headers that reach nothing outside of the program.
STANDARD = set("""algorithm array bit cctype charconv chrono cmath compare concepts cstddef cstdint cstdlib cstring expected
functional initializer_list iterator limits list map memory numeric optional queue ranges set span sstream stdexcept string
string_view tuple type_traits unordered_map unordered_set utility variant vector cassert deque""".split())
PURE = STANDARD | {"fmt/format.h", "fmt/ranges.h", "nlohmann/json.hpp"}
# Functions of text that happen to live in a library of sockets: each named with the layer that needs it.
EXTRA = {
    "gateway": {"pcre2.h"},  # regular expressions in configurations
    "target": {"curl/urlapi.h", "idn2.h", "arpa/inet.h"},  # URLs, A-labels, inet_pton(3)
    "signature": {"arpa/inet.h"},
}
CALLS = re.compile(r"\bnow\s*\(\)|\bstd::(?:getenv|fopen|system|rand|time|clock|cin|cout|cerr)\b|\b(?:getenv|fopen)\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
COMMENTS_AND_TEXTS = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def read_layers(text):
    layers = {}
    for line in text.splitlines():
        name, kind, *uses = line.split()
        layers[name] = (kind == "pure", set(uses))
    return layers


def offences(layers, src):
    for path in sorted(p for p in src.rglob("*") if p.suffix in (".cpp", ".hpp", ".def")):
        text = path.read_text(encoding="utf-8")
        layer = path.relative_to(src).parts[0]
        place = f"src/{path.relative_to(src)}"
        if path.parent == src:
            pure, uses, own = False, {"cli", "base"}, None  # main.cpp
        elif layer not in layers:
            yield f"{place}: no layer is called {layer}"
            continue
        else:
            (pure, uses), own = layers[layer], layer
        test = path.name.endswith("_test.cpp")
        for ours, theirs in INCLUDE.findall(text):
            if ours and ours.split("/")[0] in layers and ours.split("/")[0] not in uses | {own}:
                yield f"{place}: includes {ours}, and {layer} may not name {ours.split('/')[0]}"
            elif ours and not test and not is_rooted(ours, path, src):
                yield f"{place}: includes {ours}, which is no path from src/"
            elif theirs and pure and not test and theirs not in PURE | EXTRA.get(layer, set()):
                yield f"{place}: includes <{theirs}>, and {layer} is pure"
        if pure and not test:
            for call in CALLS.finditer(COMMENTS_AND_TEXTS.sub('""', text)):
                yield f"{place}: calls {call.group()}, and {layer} is pure"


NAMESPACE = re.compile(r"namespace ([\w:]*) ?\{$")
TYPE = re.compile(r"(?:struct|class|enum class) (\w+)(?: final)?(?: : [^;{]*)? \{")


def types_of(text):
    """The types that other files could mean by the same name: none of an unnamed namespace."""
    scopes = []
    for line in text.splitlines():
        if opened := NAMESPACE.match(line):
            scopes.append(opened[1])
        elif line.startswith("}  // namespace") and scopes:
            scopes.pop()
        elif (named := TYPE.match(line)) and "" not in scopes:
            yield "::".join([*scopes, named[1]])


def twins(src):
    first = {}
    for path in sorted(p for p in src.rglob("*") if p.suffix in (".cpp", ".hpp")):
        place = f"src/{path.relative_to(src)}"
        for name in types_of(path.read_text(encoding="utf-8")):
            if first.setdefault(name, place) != place:
                yield f"{place}: {name} is another type in {first[name]}"


def is_rooted(name, path, src):
    """A path from src/; or one of data/'s tables, which stand beside it."""
    return (src / name).exists() or (path.parent / name).resolve().is_relative_to(src.resolve().parent / "data")


def self_test():
    layers = read_layers("low pure\nhigh - low\n")
    cases = [
        ("low/good.cpp", '#include "low/good.hpp"\n#include <vector>\n// now() and "high/x.hpp"\nauto s = "now()";\n', None),
        ("low/good.hpp", "", None),
        ("low/up.cpp", '#include "high/good.hpp"\n', "may not name high"),
        ("low/socket.cpp", "#include <sys/socket.h>\n", "is pure"),
        ("low/file.hpp", "#include <fstream>\n", "is pure"),
        ("low/asio.hpp", "#include <boost/asio/ip/tcp.hpp>\n", "is pure"),
        ("low/clock.cpp", "#include <chrono>\nauto t = std::chrono::system_clock::now();\n", "calls now()"),
        ("low/environment.cpp", 'auto t = std::getenv("HOME");\n', "calls std::getenv"),
        ("low/file_test.cpp", "#include <fstream>\n", None),
        ("high/good.hpp", '#include "low/good.hpp"\n#include <fstream>\n', None),
        ("high/near.cpp", '#include "good.hpp"\n', "no path from src/"),
        ("other/lost.cpp", "", "no layer is called other"),
        ("main.cpp", '#include "low/good.hpp"\n', "may not name low"),
        ("high/first.hpp", "namespace fix502 {\nstruct One {\n};\nnamespace {\nstruct Own {\n};\n}  // namespace\n}  // namespace fix502\n", None),
        ("high/twin.hpp", "namespace fix502 {\nclass One final : public Base {\n};\n}  // namespace fix502\n", "is another type in src/high/first.hpp"),
        ("high/unnamed.cpp", "namespace fix502 {\nnamespace {\nstruct One {\n};\n}  // namespace\n}  // namespace fix502\n", None),
        ("high/else.hpp", "namespace fix502::other {\nstruct One {\n};\n}  // namespace fix502::other\n", None),
    ]
    with tempfile.TemporaryDirectory() as place:
        src = Path(place)
        for name, text, _ in cases:
            (src / name).parent.mkdir(exist_ok=True)
            (src / name).write_text(text)
        found = [*offences(layers, src), *twins(src)]
        wrong = []
        for name, _, expected in cases:
            said = [line for line in found if line.startswith(f"src/{name}:")]
            if bool(said) != bool(expected) or (expected and expected not in said[0]):
                wrong.append(f"{name}: expected {expected}, found {said}")
    return wrong


def main(arguments):
    if arguments == ["--self-test"]:
        found = self_test()
    elif len(arguments) == 2:
        src = Path(arguments[1])
        found = [*offences(read_layers(Path(arguments[0]).read_text()), src), *twins(src)]
    else:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    print("\n".join(found) or "ok")
    return 1 if found else 0


sys.exit(main(sys.argv[1:]))
