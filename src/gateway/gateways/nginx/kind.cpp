#include "gateway/kind.hpp"

#include "gateway/gateways/nginx/nginx.hpp"
#include "gateway/gateways/nginx/process.hpp"

namespace fix502::gateways {
namespace {

Result<std::unique_ptr<Configuration>> read(const ReadRequest& request, Files& files) {
  if (auto text = files.read(request.config); !text) return fail(text.error().what, request.config);
  return std::make_unique<fix502::nginx::NginxConfiguration>(request, files);
}

}  // namespace

extern const GatewayKind nginx{
    .id = "nginx",
    .title = "nginx",
    .usual = "/etc/nginx/nginx.conf",
    .is_master = fix502::nginx::is_master,
    .request_of = fix502::nginx::request_of,
    .request_for = fix502::nginx::request_for,
    .read = read,
    .operation = fix502::nginx::operation,
    .log_field = "$upstream_status",
    .log_format =
        "log_format upstream '$remote_addr [$time_local] \"$request\" $status $upstream_addr "
        "$upstream_status $upstream_response_time';",
};

}  // namespace fix502::gateways
