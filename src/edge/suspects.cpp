// From what differs to what would make it differ. Each rule reads the edge's own complaint against what the origin
// gives when it is asked with one thing changed; a rule that could be read two ways says so, or says nothing.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "edge/comparison.hpp"
#include "edge/complaint.hpp"
#include "signature/signature.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

constexpr std::uint64_t kCommonHeaderLimit = 8 * 1024;  // nginx, many others: one page or two
constexpr int kWrongName = 62;                          // X509_V_ERR_HOSTNAME_MISMATCH

using Cited = std::vector<const Observation*>;

const HttpExchange* http_of(const Observation* seen) {
  return seen == nullptr ? nullptr : seen->as<HttpExchange>();
}

std::string said(const Observation* seen) {
  return seen == nullptr ? std::string("nothing") : outcome(*seen);
}

std::string time_words(Duration time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

bool covers(const Certificate& certificate, std::string_view host) {
  return std::ranges::any_of(certificate.names, [&](const std::string& name) {
    if (equals_ignoring_case(name, host)) return true;
    const auto dot = host.find('.');
    // RFC 6125 6.4.3: a wildcard stands for one label.
    return name.starts_with("*.") && dot != host.npos && equals_ignoring_case(name.substr(1), host.substr(dot));
  });
}

/// A web server's complaint that plain HTTP came to its TLS port: nginx's, Apache's and Go's 400 (seen).
bool wants_tls(const HttpExchange& http) {
  constexpr std::string_view kSigns[] = {"plain HTTP request was sent to HTTPS port",
                                         "speaking plain HTTP to an SSL-enabled server port",
                                         "Client sent an HTTP request to an HTTPS server"};
  return http.status == 400 && std::ranges::any_of(kSigns, [&](std::string_view sign) {
           return contains_ignoring_case(http.body_sample, sign);
         });
}

bool same_url(std::string_view a, std::string_view b) {
  const auto left = parse_target(a), right = parse_target(b);
  return left && right && left->url == right->url;
}

bool to_itself(const HttpExchange& http) {
  return http.redirects() && same_url(http.url, http.location);
}

/// The two are one server's answer to one question: the same page, redirect, or error of the same make.
bool same_answer(const HttpExchange& a, const HttpExchange& b) {
  if (a.failure != b.failure || a.status != b.status) return false;
  if (!a.location.empty() || !b.location.empty()) return a.location == b.location;
  if (!a.body_digest.empty() && a.body_digest == b.body_digest) return true;
  const std::string maker = identify(a).product;
  return a.status >= 400 && !maker.empty() && maker == identify(b).product;
}

class Suspecting {
 public:
  explicit Suspecting(const EdgeSides& sides)
      : sides_(sides),
        edge_(*http_of(sides.edge)),
        direct_(*http_of(sides.direct)),
        direct_works_(works(direct_, sides.expected)),
        complaint_(complaint_of(edge_)) {}

  std::vector<SuspectSetting> all() {
    const HttpExchange* plain = http_of(sides_.plain);
    const bool plain_works = plain != nullptr && works(*plain, sides_.expected);
    // The edge itself does not answer, or the origin is no better: then no setting between them is at fault.
    if (edge_.failure != Failure::none || !(direct_works_ || plain_works)) return {};
    if (sides_.edge_loops || to_itself(edge_)) {
      endless();
    } else if (!direct_works_) {
      if (sides_.edge_failed) plain_only();
    } else if (sides_.edge_failed) {
      failing();
    } else {
      // A 404 or a 403 that the site could mean, were it not that the origin gives us something else.
      other_host();
      handed_on();
    }
    // By hand, for std::ranges::stable_sort takes its memory in a way that C++17 has deprecated (libstdc++ 12).
    std::vector<SuspectSetting> sorted;
    for (const auto suspicion : {Suspicion::shown, Suspicion::likely, Suspicion::possible})
      for (auto& suspect : found_)
        if (suspect.suspicion == suspicion) sorted.push_back(std::move(suspect));
    return sorted;
  }

 private:
  void add(EdgeKind kind, Suspicion suspicion, std::string why, const Cited& cited, std::string value = {}) {
    SuspectSetting suspect{.kind = kind, .suspicion = suspicion, .why = std::move(why), .value = std::move(value)};
    for (const Observation* seen : cited)
      if (seen != nullptr && !lists(suspect.cites, seen->id)) suspect.cites.push_back(seen->id);
    const auto same = std::ranges::find(found_, kind, &SuspectSetting::kind);
    if (same != found_.end()) {
      if (same->suspicion < suspicion) *same = std::move(suspect);
      return;
    }
    found_.push_back(std::move(suspect));
  }

  Cited both(const Observation* more = nullptr) const { return {sides_.edge, sides_.direct, more}; }

  void endless() {
    // The origin's own circle; and on a plain page no TLS mode is to be seen.
    if (to_itself(direct_) || sides_.page.scheme != "https") return;
    const HttpExchange* plain = http_of(sides_.plain);
    if (direct_.redirects() && direct_.location.starts_with("http://")) {
      add(EdgeKind::force_https, Suspicion::shown,
          "the origin sends https to http, and the edge sends http back to https", both());
    } else if (plain != nullptr && plain->redirects() && same_url(plain->location, sides_.page.url)) {
      add(EdgeKind::tls_mode, Suspicion::shown,
          fmt::format("asked over plain HTTP the origin sends to https as the edge does; asked over TLS it answers {}",
                      said(sides_.direct)),
          both(sides_.plain));
    } else if (direct_works_) {
      add(EdgeKind::tls_mode, Suspicion::likely,
          fmt::format("asked over TLS the origin answers {}, without the edge's redirect", said(sides_.direct)),
          both());
    }
  }

  /// The origin answers plain HTTP well, and TLS not at all.
  void plain_only() {
    const bool no_tls = is_tls(direct_.failure) || direct_.failure == Failure::refused ||
                        direct_.failure == Failure::not_http || direct_.failure == Failure::connect_timeout;
    if (!no_tls || is_certificate(direct_.failure) || !before_an_answer(complaint_)) return;
    add(EdgeKind::plain_mode, Suspicion::shown,
        fmt::format("the origin answers plain HTTP ({}) and not TLS ({})", said(sides_.plain), said(sides_.direct)),
        both(sides_.plain));
  }

  void failing() {
    if (stored()) return;
    other_host();
    greeting();
    wrong_port();
    large_header();
    switch (complaint_) {
      case EdgeComplaint::refused:
      case EdgeComplaint::connect_timeout:
        unreachable();
        break;
      case EdgeComplaint::no_route:
      case EdgeComplaint::no_name:
        add(EdgeKind::address, complaint_ == EdgeComplaint::no_name ? Suspicion::shown : Suspicion::likely,
            fmt::format("the edge {} the origin, which answers at {}",
                        complaint_ == EdgeComplaint::no_name ? "cannot resolve" : "has no way to",
                        to_text(sides_.origin)),
            both());
        break;
      case EdgeComplaint::certificate:
        refused_certificate();
        break;
      case EdgeComplaint::tls:
        if (found_.empty() && direct_.verify_error != 0) refused_certificate();
        if (found_.empty())
          add(EdgeKind::sni, Suspicion::possible, "the edge's TLS greeting fails where one with this name succeeds",
              both());
        break;
      case EdgeComplaint::read_timeout:
        too_slow();
        break;
      case EdgeComplaint::unknown:
        if (found_.empty()) anything();
        break;
      default:
        handed_on();
    }
  }

  bool stored() {
    const CacheReading reading = read_cache(edge_);
    const HttpExchange* round = http_of(sides_.round);
    const bool kept = reading.hit || reading.age_seconds.value_or(0) > 0;
    if (!kept || (round != nullptr && !works(*round, sides_.expected))) return false;
    const std::string age = reading.age_seconds ? fmt::format(" ({} s old)", *reading.age_seconds) : "";
    add(EdgeKind::error_cache, Suspicion::shown,
        fmt::format("the edge serves a stored error{}, and the origin answers {}", age, said(sides_.direct)),
        both(sides_.round));
    add(EdgeKind::purge, Suspicion::shown, "until it is purged, or runs out, visitors get the stored error",
        both(sides_.round));
    return true;
  }

  void other_host() {
    for (const Observation* other : sides_.other_hosts) {
      const HttpExchange& answer = *http_of(other);
      if (!same_answer(edge_, answer) || same_answer(answer, direct_)) continue;
      const bool strange = other->varied_in("host") == kStrangeHost;
      add(EdgeKind::host, Suspicion::shown,
          fmt::format("the edge gives what the origin gives to {} ({}); to {} it gives {}",
                      strange ? "a Host that it does not know" : fmt::format("Host {}", other->varied_in("host")),
                      said(other), sides_.page.host, said(sides_.direct)),
          both(other));
    }
  }

  /// A greeting with another name, or none, fails or is answered with another certificate.
  void greeting() {
    const bool about_tls = complaint_ == EdgeComplaint::tls || complaint_ == EdgeComplaint::certificate;
    for (const Observation* seen : {sides_.no_name, sides_.own_name}) {
      const HttpExchange* other = http_of(seen);
      if (other == nullptr) continue;
      const std::string with =
          seen == sides_.no_name ? "without a server name" : fmt::format("with {} as server name", sides_.origin.host);
      if (is_tls(other->failure) && !is_certificate(other->failure)) {
        add(EdgeKind::sni, about_tls ? Suspicion::shown : Suspicion::likely,
            fmt::format("{} the origin's TLS greeting fails ({}); with {} it answers", with, said(seen),
                        sides_.page.host),
            both(seen));
      } else if (complaint_ == EdgeComplaint::certificate && !other->chain.empty() && !direct_.chain.empty() &&
                 covers(direct_.chain.front(), sides_.page.host) && !covers(other->chain.front(), sides_.page.host)) {
        add(EdgeKind::sni, Suspicion::shown,
            fmt::format("{} the origin gives the certificate of another name ({})", with,
                        fmt::join(other->chain.front().names, ", ")),
            both(seen));
      }
    }
  }

  /// Where the origin does not listen at the port that a CDN takes unless it is told another.
  void wrong_port() {
    const HttpExchange* usual = http_of(sides_.usual_port);
    if (usual == nullptr || works(*usual, sides_.expected)) return;
    const bool alike = (complaint_ == EdgeComplaint::refused && usual->failure == Failure::refused) ||
                       (complaint_ == EdgeComplaint::connect_timeout && usual->failure == Failure::connect_timeout);
    add(EdgeKind::port, alike ? Suspicion::likely : Suspicion::possible,
        fmt::format("at port {}, which CDNs take unless told otherwise, the origin gives: {}; at {} it answers {}",
                    usual_port(sides_.page), said(sides_.usual_port), origin_port(sides_), said(sides_.direct)),
        both(sides_.usual_port));
  }

  void unreachable() {
    const bool refused = complaint_ == EdgeComplaint::refused;
    const Failure alike = refused ? Failure::refused : Failure::connect_timeout;
    const HttpExchange* plain = http_of(sides_.plain);
    const std::string what = refused ? "refuses the connection" : "does not answer the connection attempt";
    if (plain != nullptr && plain->failure == alike)
      add(EdgeKind::tls_mode, Suspicion::likely,
          fmt::format("over plain HTTP the origin {}, as the edge says; over TLS it answers {}", what,
                      said(sides_.direct)),
          both(sides_.plain));
    const bool explained = !found_.empty();
    const std::string from_here =
        fmt::format("to the edge the origin {}; from here, at port {}, it answers", what, origin_port(sides_));
    // What one port gives does not tell which port the CDN was given.
    if (refused && sides_.usual_port == nullptr) add(EdgeKind::port, Suspicion::likely, from_here, both());
    add(EdgeKind::firewall, explained || refused ? Suspicion::possible : Suspicion::likely, from_here, both());
    if (!explained) add(EdgeKind::address, Suspicion::possible, from_here, both());
  }

  void refused_certificate() {
    if (direct_.verify_error == kWrongName) {
      add(EdgeKind::certificate, Suspicion::shown,
          fmt::format("the origin's certificate does not name {}", sides_.page.host), both());
    } else if (direct_.verify_error != 0) {
      // No name mends that one.
      add(EdgeKind::certificate, Suspicion::shown, "the origin's certificate is not acceptable from here either",
          both(),
          "keep the check, and renew the origin's certificate (one that the CDN accepts, with its whole chain)");
    } else if (found_.empty()) {
      const std::string why = fmt::format(
          "the origin's certificate is good for {}, so the CDN expects or asks for another "
          "name",
          sides_.page.host);
      add(EdgeKind::certificate, Suspicion::likely, why, both());
      add(EdgeKind::sni, Suspicion::likely, why, both());
    }
  }

  void too_slow() {
    const auto waited = edge_.times.first_byte;
    const auto needed = direct_.times.first_byte;
    // An origin that is quick when asked directly does not fail for the edge's patience.
    if (!waited || !needed || *needed * 2 < *waited) return;
    add(EdgeKind::read_timeout, *needed > *waited ? Suspicion::shown : Suspicion::likely,
        fmt::format("the edge gave up after {}, and the origin answers after {}", time_words(*waited),
                    time_words(*needed)),
        both());
  }

  void large_header() {
    const std::uint64_t bytes = header_bytes(direct_);
    const std::uint64_t limit = header_limit_of(sides_.cdn);
    const bool says = complaint_ == EdgeComplaint::header_size;
    const bool could = complaint_ == EdgeComplaint::bad_response || complaint_ == EdgeComplaint::unknown ||
                       (complaint_ == EdgeComplaint::none && edge_.status == 502);
    const bool over = limit > 0 && bytes > limit;
    if (!says && !(could && (over || (limit == 0 && bytes > kCommonHeaderLimit)))) return;
    const std::string known = limit > 0 ? fmt::format(", and {} takes {}", name_of_cdn(sides_.cdn), limit) : "";
    add(EdgeKind::header_limit,
        says   ? Suspicion::shown
        : over ? Suspicion::likely
               : Suspicion::possible,
        fmt::format("the origin's answer has {} bytes of header{}", bytes, known), both());
  }

  /// The CDN's own error without a reason.
  void anything() {
    const std::string why = fmt::format("the edge says {} and not why; from here the origin answers {}",
                                        said(sides_.edge), said(sides_.direct));
    add(EdgeKind::port, Suspicion::possible, why, both());
    add(EdgeKind::firewall, Suspicion::possible, why, both());
    if (sides_.page.scheme == "https") add(EdgeKind::certificate, Suspicion::possible, why, both());
  }

  /// The origin's own answer to the edge is another than its answer to us.
  void handed_on() {
    if (wants_tls(edge_)) {
      add(EdgeKind::tls_mode, Suspicion::shown, "the origin says that the edge speaks plain HTTP to its TLS port",
          both());
      return;
    }
    if (!found_.empty() || complaint_ != EdgeComplaint::none) return;
    if (!edge_.status || *edge_.status < 400 || !direct_works_ || *direct_.status >= 400) return;
    // RFC 9110 15.5.20: not the server for that name.
    if (edge_.status == 421)
      for (const EdgeKind kind : {EdgeKind::host, EdgeKind::sni})
        add(kind, Suspicion::likely, "the origin says that the edge's request is for another name", both());
    const Signature signature = identify(edge_);
    const bool of_cdn = signature.self_made && signature.kind == ResponderKind::cdn;
    if ((edge_.status == 403 || edge_.status == 429) && !of_cdn && blocked_by(edge_).empty())
      add(EdgeKind::firewall, Suspicion::likely,
          fmt::format("the origin answers the edge {}, and us {}: it refuses the CDN's addresses, or counts all "
                      "visitors as one",
                      said(sides_.edge), said(sides_.direct)),
          both());
  }

  const EdgeSides& sides_;
  const HttpExchange& edge_;
  const HttpExchange& direct_;
  bool direct_works_;
  EdgeComplaint complaint_;
  std::vector<SuspectSetting> found_;
};

}  // namespace

std::vector<SuspectSetting> suspect_settings(const EdgeSides& sides) {
  if (http_of(sides.edge) == nullptr || http_of(sides.direct) == nullptr) return {};
  return Suspecting(sides).all();
}

}  // namespace fix502
