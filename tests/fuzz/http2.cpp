// An HTTP/2 server's answer: any bytes, however they are cut and end.
#include "upstream.hpp"

FUZZ(input) {
  fix502::fuzz::answer(fix502::Protocol::http2, input);
}
