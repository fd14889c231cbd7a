// Strict JSON, policies and records from any bytes: nothing crashes, canonical text is a fixed
// point, and a record that opens is written as it was read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "consent/policy.h"
#include "consent/record.h"
#include "json/canonical.h"

using namespace subrosa;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Json> json = parse_strict(text);
  if (!json) return 0;
  const std::string once = canonical(*json);
  const Result<Json> again = parse_strict(once);
  require(static_cast<bool>(again));
  require(canonical(*again) == once);
  if (const Result<consent::Policy> policy = consent::parse_policy(text)) {
    require(policy->document == once);
  }
  if (const Result<consent::Record> record = consent::parse_record(*json, "")) {
    require(canonical(consent::to_json(*record)) == once);
  }
  return 0;
}
