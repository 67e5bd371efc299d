// What a browser says over its line: a protocol's letter, then messages, a line each.
#include "fuzz.hpp"
#include "headless/message.hpp"
#include "headless/net_errors.hpp"
#include "headless/reader.hpp"
#include "headless/running.hpp"

namespace {

template <typename Reader>
void read(Reader reader, std::string_view input) {
  using namespace fix502;
  while (!input.empty()) {
    const Json message = Json::parse(fuzz::take(input, '\n'), nullptr, false);
    if (member(message, {"id"}) != nullptr) reader.navigated(message);
    const auto held = reader.read(message);
    fuzz::promise(!held || !held->pass || !reader.done());
  }
  const BrowserVisit& visit = reader.visit();
  fuzz::promise(visit.redirects.size() <= kMostRedirects && visit.headers.size() <= kMostHeaders);
  fuzz::promise(!visit.status || (*visit.status >= 100 && *visit.status <= 999));
  for (const std::string* shown : {&visit.final_url, &visit.net_error, &visit.protocol, &visit.address, &visit.trouble})
    for (const char byte : *shown) fuzz::promise(static_cast<unsigned char>(byte) >= 0x20);
  // What was seen is written and read again without a change.
  BrowserVisit again;
  fuzz::promise(from_json(to_json(visit), again).has_value() && again == visit);
}

}  // namespace

FUZZ(input) {
  using namespace fix502;
  const std::string_view kind = fuzz::take(input, '\n');
  static_cast<void>(announced_port(input));
  static_cast<void>(failure_of(kind));
  if (kind.starts_with('d'))
    read(DevtoolsReader(std::string(kind.substr(1))), input);
  else
    read(BidiReader(std::string(kind.substr(std::min<std::size_t>(1, kind.size())))), input);
}
