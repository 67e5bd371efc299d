#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace fix502 {

struct CloseEasy {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CloseMulti {
  void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct FreeStrings {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct FreeCurlText {
  void operator()(char* text) const noexcept { curl_free(text); }
};

using Curl = std::unique_ptr<CURL, CloseEasy>;
using CurlMulti = std::unique_ptr<CURLM, CloseMulti>;
using CurlStrings = std::unique_ptr<curl_slist, FreeStrings>;
using CurlUrl = std::unique_ptr<CURLU, CloseUrl>;
using CurlText = std::unique_ptr<char, FreeCurlText>;

/// curl copies the text; the list stays as it was where memory runs out.
inline void append(CurlStrings& list, const std::string& text) {
  if (curl_slist* longer = curl_slist_append(list.get(), text.c_str())) {
    static_cast<void>(list.release());
    list.reset(longer);
  }
}

}  // namespace fix502
