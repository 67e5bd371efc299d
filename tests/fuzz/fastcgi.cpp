// A FastCGI application's answer: any bytes, however they are cut and end.
#include "upstream.hpp"

FUZZ(input) {
  fix502::fuzz::answer(fix502::Protocol::fastcgi, input);
}
