// The application behind all gateways: its server's name, its framework's fields, its framework's own error page.
// X-Powered-By is no sign where a web server puts it on its own errors as well (ASP.NET, PleskLin, WP Engine).

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;
constexpr auto kApplication = ResponderKind::application;
constexpr StatusRange kAny{100, 599};
constexpr StatusRange kAnyError{400, 599};
constexpr std::string_view kDefault = "the server's own default for that field";

constexpr Rule kRules[] = {
    {"application", kApplication, kAny, {server("gunicorn")}, kDefault},
    {"application", kApplication, kAny, {server("uvicorn")}, kDefault},
    {"application", kApplication, kAny, {server("hypercorn")}, kDefault},
    {"application", kApplication, kAny, {server("daphne")}, kDefault},
    {"application", kApplication, kAny, {server("granian")}, kDefault},
    {"application", kApplication, kAny, {server("waitress")}, kDefault},
    {"application", kApplication, kAny, {server("werkzeug/")}, kDefault},
    {"application", kApplication, kAny, {server("wsgiserver/")}, kDefault},
    {"application", kApplication, kAny, {server("cheroot/")}, kDefault},
    {"application", kApplication, kAny, {server("tornadoserver/")}, kDefault},
    {"application", kApplication, kAny, {server("simplehttp/")}, kDefault},
    {"application", kApplication, kAny, {server("basehttp/")}, kDefault},
    {"application", kApplication, kAny, {server("twistedweb/")}, kDefault},
    {"application", kApplication, kAny, {header("server", " aiohttp/")}, kDefault},
    {"application", kApplication, kAny, {server("kestrel")}, kDefault},
    {"application", kApplication, kAny, {server("puma")}, kDefault},
    {"application", kApplication, kAny, {server("thin")}, kDefault},
    {"application", kApplication, kAny, {server("webrick/")}, kDefault},
    {"application", kApplication, kAny, {server("mojolicious")}, kDefault},
    {"application", kApplication, kAny, {server("jetty(")}, kDefault},
    {"application", kApplication, kAny, {server("apache-coyote/")}, kDefault},
    {"application", kApplication, kAny, {server("weblogic")}, kDefault},
    {"application", kApplication, kAny, {server("wildfly/")}, kDefault},
    {"application", kApplication, kAny, {server("undertow")}, kDefault},
    {"application", kApplication, kAny, {server("akka-http/")}, kDefault},
    {"application", kApplication, kAny, {server("ktor/")}, kDefault},

    {"application", kApplication, kAny, {starts("x-powered-by", "express")}, "expressjs/express lib/application.js"},
    {"application", kApplication, kAny, {starts("x-powered-by", "php/")}, "php/php-src main/main.c (expose_php)"},
    {"application",
     kApplication,
     kAny,
     {starts("x-powered-by", "next.js")},
     "vercel/next.js packages/next/src/server/send-payload.ts"},
    {"application", kApplication, kAny, {starts("x-powered-by", "nuxt")}, "nuxt/nuxt packages/nitro-server"},
    {"application", kApplication, kAny, {starts("x-powered-by", "servlet/")}, "Jakarta Servlet specification, 3.4"},
    {"application",
     kApplication,
     kAny,
     {starts("x-powered-by", "jsp/")},
     "apache/tomcat connector attribute xpoweredBy"},
    {"application", kApplication, kAny, {starts("x-powered-by", "sails")}, "balderdashy/sails lib/hooks/http"},
    {"application",
     kApplication,
     kAny,
     {starts("x-powered-by", "strapi")},
     "strapi/strapi packages/core/core/src/middlewares/powered-by.ts"},
    {"application",
     kApplication,
     kAny,
     {starts("x-powered-by", "phusion passenger")},
     "phusion/passenger src/agent/Core/Controller"},
    {"application", kApplication, kAny, {has("x-aspnet-version")}, "ASP.NET httpRuntime enableVersionHeader"},
    {"application", kApplication, kAny, {has("x-aspnetmvc-version")}, "ASP.NET MVC MvcHandler"},
    {"application", kApplication, kAny, {has("x-runtime"), has("x-request-id")}, "rack/rack lib/rack/runtime.rb"},

    {"application", kApplication, kAnyError, {cookie("phpsessid=")}, "php/php-src session.name"},
    {"application", kApplication, kAnyError, {cookie("jsessionid=")}, "Jakarta Servlet specification, 7.1.1"},
    {"application", kApplication, kAnyError, {cookie("connect.sid=")}, "expressjs/session"},
    {"application", kApplication, kAnyError, {cookie("laravel_session=")}, "laravel/laravel config/session.php"},
    {"application", kApplication, kAnyError, {cookie("sessionid=")}, "django/django SESSION_COOKIE_NAME"},

    {"application", kApplication, kAnyError, {starts("content-type", "application/problem+json")}, "RFC 9457 3"},
    {"application", kApplication, kAnyError, {body("<pre>cannot get /")}, "pillarjs/finalhandler index.js"},
    {"application",
     kApplication,
     kAnyError,
     {body("<h1>whitelabel error page</h1>")},
     "spring-projects/spring-boot ErrorMvcAutoConfiguration"},
    {"application",
     kApplication,
     kAnyError,
     {body_starts("<!doctype html><html lang=en><title>"), body("</title><h1>")},
     "pallets/werkzeug src/werkzeug/exceptions.py"},
    {"application",
     kApplication,
     kAnyError,
     {body_is("a server error occurred. please contact the administrator.")},
     "python/cpython Lib/wsgiref/handlers.py"},
    {"application",
     kApplication,
     kAnyError,
     {body("<h1>server error (500)</h1>"), title("server error (500)")},
     "django/django views/defaults.py"},
    {"application",
     kApplication,
     kAnyError,
     {body("<title>we're sorry, but something went wrong (500)</title>")},
     "rails/rails railties error pages"},
    {"application",
     kApplication,
     kAnyError,
     {body("<title>http status "), body("<h3>apache tomcat")},
     "apache/tomcat ErrorReportValve.java"},
    {"application", kApplication, kAnyError, {body("<i>powered by jetty://")}, "jetty/jetty.project ErrorHandler.java"},
    {"application",
     kApplication,
     kAnyError,
     {body("there has been a critical error on this website")},
     "WordPress/wordpress-develop class-wp-fatal-error-handler.php"},
    {"application",
     kApplication,
     kAnyError,
     {body("id=\"error-page\"><div class=\"wp-die-message\">")},
     "WordPress/wordpress-develop wp_die()"},
};

}  // namespace

std::span<const Rule> applications() {
  return kRules;
}

}  // namespace fix502::tables
