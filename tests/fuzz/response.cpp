// An HTTP/1 response: any bytes, however they are cut and end.
#include "upstream.hpp"

FUZZ(input) {
  fix502::fuzz::answer(fix502::Protocol::http1_1, input);
}
