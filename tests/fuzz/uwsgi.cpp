// uWSGI's answer, or SCGI's: any bytes, however they are cut and end.
#include "upstream.hpp"

FUZZ(input) {
  fix502::fuzz::answer(fix502::Protocol::uwsgi, input);
}
