#pragma once

// A line of a log that may matter, taken apart. Its texts point into the block that it was read from.

#include <optional>
#include <string_view>

#include "base/fields.hpp"
#include "logline/message.hpp"

namespace fix502 {

enum class Role : std::uint8_t { access, error, application };

struct Record {
  WallTime at{};
  std::int32_t micros = 0;
  Role role = Role::access;
  std::string_view gateway;          ///< who writes such lines; empty where several do (combined)
  const Message* message = nullptr;  ///< what it says, of an error log's line
  int status = 0;                    ///< what the client got; 0: not said
  std::string_view client;           ///< address, without the port
  std::string_view port;             ///< of the client
  std::string_view request;          ///< "GET /x HTTP/1.1"
  std::string_view url;              ///< "/x?y"
  std::string_view host;             ///< virtual host or Host field
  std::string_view upstream;         ///< as written: "a, b" where several were tried
  std::string_view upstream_status;  ///< as written: "502, 200"
  std::string_view connection;       ///< what ties lines of one request together: nginx' *7, Apache's pid and tid
  std::string_view state;            ///< HAProxy's termination state, Envoy's flags, Squid's and CloudFront's result
  std::string_view details;          ///< further words on why
  std::string_view method;
  std::string_view format;             ///< name of the known format that read it; empty for others
  std::optional<double> connect_time;  ///< seconds; empty where the line has "-" or no such field
  std::optional<double> header_time;
  std::optional<double> request_time;
  std::optional<double> received;  ///< bytes from the upstream
  bool has_connect_time = false;   ///< the format has the field, so that "-" says something
  bool has_header_time = false;
  std::string_view line;   ///< the whole of it
  std::uint32_t file = 0;  ///< index into the list of files
};

}  // namespace fix502
