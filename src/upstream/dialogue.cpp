#include "upstream/dialogue.hpp"

#include "upstream/ajp_dialogue.hpp"
#include "upstream/fastcgi_dialogue.hpp"
#include "upstream/http2_dialogue.hpp"
#include "upstream/plain_dialogues.hpp"
#include "upstream/wire_request.hpp"

namespace fix502 {

std::unique_ptr<Dialogue> make_dialogue(const UpstreamRequest& request, DialogueOptions options) {
  using Form = ResponseReader::Form;
  const bool to_head = request.method == "HEAD";
  switch (request.protocol) {
    case Protocol::http1_0:
    case Protocol::http1_1:
      return std::make_unique<PlainDialogue>(http1_request(request), Form::http, to_head, std::move(options));
    case Protocol::uwsgi:
      return std::make_unique<PlainDialogue>(uwsgi_request(request), Form::either, to_head, std::move(options));
    case Protocol::scgi:
      return std::make_unique<PlainDialogue>(scgi_request(request), Form::either, to_head, std::move(options));
    case Protocol::fastcgi:
      return std::make_unique<FastcgiDialogue>(fastcgi_request(request), to_head, std::move(options));
    case Protocol::ajp:
      return std::make_unique<AjpDialogue>(request.target.empty() ? std::string() : ajp_request(request),
                                           std::move(options));
    case Protocol::http2:
    case Protocol::grpc:
      return std::make_unique<Http2Dialogue>(request, std::move(options));
    case Protocol::tcp:
      break;
  }
  return std::make_unique<TcpDialogue>();
}

}  // namespace fix502
