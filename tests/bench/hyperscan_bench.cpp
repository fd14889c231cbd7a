// The same patterns in Hyperscan, beside the scanner, on messages that hold nothing: ASCII lines in
// which the scanner finds nothing. Processor time is counted.
//   hyperscan_bench chat.txt
// Hyperscan is given what it takes of the patterns' own expressions, each with what must come
// before and after it, and says once a message that one matched. It knows no context, no bounds and
// no check digits: its matches are candidates, which the scanner weighs in the time that it takes.
#include <hs/hs.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "detect/scanner.h"

using namespace subrosa;
using detect::Pattern;
using detect::Rule;
using Texts = std::vector<std::string>;

namespace {

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// The ASCII lines of a file in which the scanner finds nothing.
Texts clean_lines(const char* path, detect::Scanner* scanner) {
  std::ifstream file(path, std::ios::binary);
  Texts out;
  for (std::string line; std::getline(file, line);) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (!std::all_of(line.begin(), line.end(), is_ascii)) continue;
    const auto findings = scanner->scan(line, {});
    if (findings && findings->empty()) out.push_back(line);
  }
  return out;
}

/// Nanoseconds a byte: the best of as many passes as go into two seconds.
template <typename Scan>
double cost(const Texts& texts, const Scan& scan) {
  size_t bytes = 0;
  for (const auto& text : texts) bytes += text.size();
  double best = std::numeric_limits<double>::infinity();
  const double end = seconds() + 2;
  do {
    const double start = seconds();
    for (const auto& text : texts) scan(text);
    best = std::min(best, (seconds() - start) * 1e9 / static_cast<double>(bytes));
  } while (seconds() < end);
  return best;
}

/// The part of an expression that folds case says so at its start.
std::string part(const std::string& expression) {
  if (!expression.starts_with("(?i)")) return "(?:" + expression + ")";
  return "(?i:" + expression.substr(4) + ")";
}

std::vector<std::string> expressions(const std::vector<Rule>& rules, bool with_weak) {
  std::vector<std::string> out;
  for (const Rule& rule : rules) {
    for (const Pattern& p : rule.patterns) {
      const int best = rule.validator ? std::max(p.score, p.checked) : p.score;
      if (best < detect::ScanOptions{}.min_score && !with_weak) continue;
      std::string whole;
      for (const std::string& piece : {p.after, p.prefix, p.regex, p.before}) {
        if (!piece.empty()) whole += part(piece);
      }
      out.push_back(std::move(whole));
    }
  }
  return out;
}

struct Compiled {
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;
};

constexpr unsigned kFlags = HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH;

/// Whether Hyperscan takes the expression when it is alone.
bool takes(const std::string& expression) {
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const bool taken = hs_compile(expression.c_str(), kFlags, HS_MODE_BLOCK, nullptr, &database,
                                &error) == HS_SUCCESS;
  if (error) hs_free_compile_error(error);
  hs_free_database(database);
  return taken;
}

bool compile(const std::vector<std::string>& list, Compiled* out) {
  std::vector<const char*> patterns;
  for (const auto& expression : list) patterns.push_back(expression.c_str());
  const std::vector<unsigned> flags(list.size(), kFlags);
  std::vector<unsigned> ids(list.size());
  for (unsigned i = 0; i < ids.size(); ++i) ids[i] = i;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(patterns.data(), flags.data(), ids.data(),
                       static_cast<unsigned>(list.size()), HS_MODE_BLOCK, nullptr, &out->database,
                       &error) != HS_SUCCESS) {
    std::printf("Hyperscan refuses the set: %s\n", error->message);
    hs_free_compile_error(error);
    return false;
  }
  return hs_alloc_scratch(out->database, &out->scratch) == HS_SUCCESS;
}

int count(unsigned, unsigned long long, unsigned long long, unsigned, void* total) {
  ++*static_cast<size_t*>(total);
  return 0;
}

void print(const char* name, double nanoseconds, double own) {
  std::printf("%-42s %7.2f ns/byte %8.1f MB/s   scanner x %.2f\n", name, nanoseconds,
              1e3 / nanoseconds, nanoseconds / own);
}

void compare(const char* name, std::vector<std::string> list, const Texts& texts, double own) {
  const size_t all = list.size();
  std::erase_if(list, [](const std::string& expression) { return !takes(expression); });
  const double start = seconds();
  Compiled compiled;
  if (!compile(list, &compiled)) return;
  const double built = seconds() - start;
  size_t matches = 0, bytes = 0;
  const auto scan = [&](const std::string& text) {
    hs_scan(compiled.database, text.data(), static_cast<unsigned>(text.size()), 0, compiled.scratch,
            count, &matches);
  };
  for (const auto& text : texts) scan(text);
  const double each = static_cast<double>(matches) / static_cast<double>(texts.size());
  hs_database_size(compiled.database, &bytes);
  print(name, cost(texts, scan), own);
  std::printf("  %zu of %zu patterns, built in %.0f ms, %zu KB, %.1f matches a message\n",
              list.size(), all, built * 1e3, bytes >> 10, each);
  hs_free_scratch(compiled.scratch);
  hs_free_database(compiled.database);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto scanner = detect::Scanner::create(detect::built_in_rules());
  if (!scanner) return 1;
  const auto& rules = (*scanner)->rules();
  const Texts texts = clean_lines(argv[1], scanner->get());
  std::printf("%zu messages in ASCII without findings\n", texts.size());
  const double own =
      cost(texts, [&](const std::string& text) { (void)(*scanner)->scan(text, {}); });
  print("scanner, context and checks included", own, own);
  compare("Hyperscan, what is found without a word", expressions(rules, false), texts, own);
  compare("Hyperscan, every pattern", expressions(rules, true), texts, own);
  return 0;
}
