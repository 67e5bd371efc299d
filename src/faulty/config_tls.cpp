#include "faulty/reader.hpp"

namespace fix502::faulty {
namespace {

using Do = Greeting::Do;
using After = Greeting::After;
constexpr std::pair<std::string_view, Do> kGreetings[] = {{"continue", Do::proceed}, {"close", Do::close},
                                                          {"reset", Do::reset},      {"silent", Do::silent},
                                                          {"alert", Do::alert},      {"plain", Do::plain}};
constexpr std::pair<std::string_view, After> kAfter[] = {
    {"hello", After::hello}, {"connect", After::connect}, {"flight", After::flight}};
constexpr std::pair<std::string_view, bool> kNoAlpnMatch[] = {{"alert", true}, {"ignore", false}};

void read_identity(Reader& reader, Identity& into) {
  reader.pem("certificate", into.certificate);
  reader.pem("key", into.key);
  reader.object("self_signed", [&](Reader& spec) {
    std::vector<std::string> names;
    int from_days = -1;
    int until_days = 30;
    spec.read("names", names);
    spec.read("from_days", from_days);
    spec.read("until_days", until_days);
    auto made = make_identity(names, from_days, until_days);
    if (!made) return spec.wrong(made.error().message());
    into = std::move(*made);
  });
  // A greeting that always fails needs no certificate.
  const bool incomplete = into.certificate.empty() || into.key.empty();
  if (incomplete && !reader.find("greeting")) reader.wrong("certificate and key, or self_signed, are missing");
}

void read_greeting(Reader& reader, Greeting& into) {
  reader.read("sni", into.sni);
  reader.read("not_sni", into.not_sni);
  reader.read("no_sni", into.no_sni);
  reader.word<Do>("do", into.what, kGreetings);
  reader.word<After>("after", into.after, kAfter);
  reader.read("alert", into.alert);
  reader.bytes("bytes", into.bytes);
}

}  // namespace

void read_tls(Reader& reader, Tls& into) {
  read_identity(reader, into.identity);
  reader.read("min_version", into.min_version);
  reader.read("max_version", into.max_version);
  reader.read("ciphers", into.ciphers);
  reader.read("alpn", into.alpn);
  reader.word<bool>("no_alpn_match", into.no_alpn_match_is_alert, kNoAlpnMatch);
  reader.pem("client_ca", into.client_ca);
  reader.objects("names", [&](Reader& part) {
    NamedIdentity& named = into.names.emplace_back();
    part.read("sni", named.sni);
    read_identity(part, named.identity);
  });
  reader.objects("greeting", [&](Reader& greeting) { read_greeting(greeting, into.greetings.emplace_back()); });
}

}  // namespace fix502::faulty
