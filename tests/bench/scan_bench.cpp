// The scanner alone, with all rules on: what a byte costs in chat messages, and in inputs that are
// made to be dear. Processor time is counted, which other programs change little.
//   scan_bench chat.txt input...     messages are lines of the first file; inputs are repeated to
//                                    64 KB and up
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
#include "text/utf8.h"

using namespace subrosa;
using Texts = std::vector<std::string_view>;

namespace {

constexpr size_t kSizes[] = {64u << 10, 256u << 10, 1u << 20, 4u << 20};

/// Seconds that this program has run.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Texts lines(std::string_view text) {
  Texts out;
  for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    out.push_back(text.substr(0, end));
  }
  return out;
}

/// The piece again and again, no longer than `size`, and whole code points if the piece is.
std::string repeated(std::string_view piece, size_t size) {
  std::string out;
  while (out.size() < size) out.append(piece.substr(0, size - out.size()));
  if (text::find_ill_formed(piece) != std::string_view::npos) return out;
  const size_t end = text::find_ill_formed(out);
  return out.substr(0, end);
}

/// Nanoseconds a byte: the best of as many passes as go into half a second, of one at least.
double cost(detect::Scanner* scanner, const Texts& texts) {
  size_t bytes = 0;
  for (const auto text : texts) bytes += text.size();
  double best = std::numeric_limits<double>::infinity();
  const double end = seconds() + 0.5;
  do {
    const double start = seconds();
    for (const auto text : texts) (void)scanner->scan(text, {});
    best = std::min(best, (seconds() - start) * 1e9 / static_cast<double>(bytes));
  } while (seconds() < end);
  return best;
}

void print_chat(const char* name, const Texts& texts, double nanoseconds) {
  size_t bytes = 0;
  for (const auto text : texts) bytes += text.size();
  const double message =
      nanoseconds * static_cast<double>(bytes) / static_cast<double>(texts.size());
  std::printf("%-28s %7zu messages %8.2f ns/byte %8.1f MB/s %9.0f messages/s\n", name, texts.size(),
              nanoseconds, 1e3 / nanoseconds, 1e9 / message);
}

/// Returns what a byte of the messages costs.
double run_chat(detect::Scanner* scanner, const std::string& chat) {
  const Texts all = lines(chat);
  Texts clean, ascii;
  for (const auto text : all) {
    const auto findings = scanner->scan(text, {});
    if (!findings || !findings->empty()) continue;
    clean.push_back(text);
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (std::all_of(text.begin(), text.end(), is_ascii)) ascii.push_back(text);
  }
  const double typical = cost(scanner, all);
  print_chat("chat", all, typical);
  print_chat("chat without findings", clean, cost(scanner, clean));
  print_chat("the same, ASCII", ascii, cost(scanner, ascii));
  return typical;
}

void run_inputs(detect::Scanner* scanner, double typical, char** begin, char** end) {
  double dearest = 0, steepest = 0;
  std::printf("ns/byte at %28s64 KB  256 KB    1 MB    4 MB   x chat\n", "");
  for (char** path = begin; path != end; ++path) {
    const std::string piece = read(*path);
    const std::string_view name(*path);
    std::printf("  %-34s", name.substr(name.rfind('/') + 1).data());
    double first = 0, last = 0;
    for (const size_t size : kSizes) {
      const std::string text = repeated(piece, size);
      last = cost(scanner, {text});
      if (first == 0) first = last;
      dearest = std::max(dearest, last);
      std::printf(" %7.1f", last);
    }
    steepest = std::max(steepest, last / first);
    std::printf(" %7.1f\n", last / typical);
  }
  std::printf("dearest %.1f x chat; 4 MB at most %.2f x of 64 KB\n", dearest / typical, steepest);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const double start = seconds();
  const auto scanner = detect::Scanner::create(detect::built_in_rules());
  if (!scanner) return 1;
  std::printf("scanner of %zu rules made in %.1f ms\n", (*scanner)->rules().size(),
              (seconds() - start) * 1e3);
  const double typical = run_chat(scanner->get(), read(argv[1]));
  run_inputs(scanner->get(), typical, argv + 2, argv + argc);
  return 0;
}
