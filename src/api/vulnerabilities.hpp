// Vulnerabilities by identifier and by search.
#pragma once

#include "api/cache.hpp"
#include "api/message.hpp"
#include "store/search.hpp"

namespace api {

class Backend;

/// Whether `?explain=1` asks how the vulnerability was decided, instead of for its document.
bool wants_explanation(const Request& request);

/// The document that an identifier leads to; 404, or 409 with the candidates.
Response vulnerability_response(const Request& request, const FoundPtr& found);

/// How the vulnerability was decided.
Response explain_vulnerability(Backend& backend, const Request& request);

Response search_vulnerabilities(Backend& backend, const Request& request);

/// The filter that a search's parameters describe. Throws Refusal.
store::SearchFilter search_filter(const Request& request);

/// A cursor as text for addresses, and back; nothing for a text that is none.
std::string cursor_text(const store::SearchCursor& cursor);
std::optional<store::SearchCursor> parse_cursor(std::string_view text);

}  // namespace api
