// SPDX-License-Identifier: Apache-2.0
// The scanner: text in, findings out.
//
//   auto scanner = Scanner::create(built_in_rules());
//   auto findings = (*scanner)->scan("write to ann@example.org", {});
//
// bytes -> UTF-8 check -> canonical view -> words of context -> one walk from each place where a
// match may begin -> bounds, validator -> overlaps resolved -> spans of the original. Its cost is
// linear in the text, whatever the text is.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/automaton.h"
#include "detect/boundary.h"
#include "detect/context.h"
#include "detect/gate.h"
#include "detect/matcher.h"
#include "detect/opaque.h"
#include "detect/rules.h"
#include "subrosa/result.h"

namespace subrosa::detect {

struct Finding {
  uint32_t start, end;  // bytes of the original text, half-open, on code point borders
  uint32_t rule;        // index in the scanner's rules
  uint32_t pattern;     // index in the rule's patterns
  uint16_t score;       // thousandths
  uint16_t flags;       // kValidated, kContext, kNormalised
  // When explaining: the word that lifted it, as bytes of the original; empty for the turn before.
  uint32_t context_start = 0, context_end = 0;

  static constexpr uint16_t kValidated = 1;
  static constexpr uint16_t kContext = 2;
  static constexpr uint16_t kNormalised = 4;
};

struct ScanOptions {
  const RuleSet* only = nullptr;           // null: all
  uint16_t min_score = 400;                // thousandths
  const uint16_t* thresholds = nullptr;    // one a rule, instead of min_score where not 0
  std::string_view regions;                // "US,CA": what validators take as the caller's own
  std::string_view previous;               // the turn before, for its context words
  std::vector<Finding>* beaten = nullptr;  // for explaining: gets what lost an overlap
};

/// What is before a place where a match may begin: nothing that it goes on with, a number and what
/// joins numbers, or the rest of a word. With nothing before it, no digit may be near behind it.
enum class Place : uint32_t { kFree, kJoined, kInside, kFarFromDigits };

class Scanner {
 public:
  /// How many bytes behind the begin of a word a digit is near it.
  static constexpr uint32_t kNear = 8;
  static constexpr uint32_t kMaxText = 64u << 20;  // bytes; longer texts go through a stream

  /// Compiles the rules. Errors: bad_format, too_long, with `where` naming the rule and the
  /// pattern.
  static Result<std::unique_ptr<Scanner>> create(std::vector<Rule> rules);

  /// Findings by start, none overlapping. Errors: bad_utf8 with the offset, too_long. Not const:
  /// states and scratch space are kept from call to call.
  Result<std::vector<Finding>> scan(std::string_view text, const ScanOptions& options);

  const std::vector<Rule>& rules() const { return rules_; }
  size_t cache_bytes() const { return automaton_->cache_bytes(); }

 private:
  /// A pattern as the scanner has it.
  struct Compiled {
    uint32_t rule = 0, pattern = 0;
    uint32_t entry = 0;     // of what the walk looks for: the regex, or `after`, or their head
    uint32_t features = 0;  // needed in the text
    Gate::Needs needs;      // before `whole` is run
    std::unique_ptr<Matcher> whole;  // of what the walk found the head of
    Bounds bounds = Bounds::kWord;
    bool has_near_digit = false;      // within kNear bytes of where it begins
    bool is_led = false;              // found with the words
    std::unique_ptr<Matcher> prefix;  // backwards from the regex
    std::unique_ptr<Matcher> body;    // the regex, where `after` leads to it
    std::unique_ptr<Matcher> before;  // what must follow
  };

  /// What a walk begins with, by the kind of place.
  struct Starts {
    bool none = true;  // nothing begins with them
    std::array<Automaton::Start, 4> at{};
    std::array<uint8_t, 256> places{};  // by first byte, a bit for each kind of place
  };

  /// Patterns that hold a word of a list, and how far before and behind its end they may begin.
  struct Listed {
    Starts starts{};
    uint32_t reach = 0, back = 0;  // bytes
  };

  /// Of u32 alone: smaller members would be written in pieces, and there is one for every word.
  struct Begin {
    uint32_t at;
    uint32_t digits;  // in the text before it
    uint32_t byte;
    Place place;
  };

  /// Where the head of a pattern is that was found with the words.
  struct Led {
    Begin begin;
    uint32_t end, pattern;
  };

  /// What is looked for in texts that have the same features, with the same threshold. Each part is
  /// made when first needed: a scanner is asked with one threshold or two.
  struct Mode {
    uint32_t key = 0;  // of the threshold and the features
    std::unique_ptr<Starts> alone;
    std::vector<std::unique_ptr<Listed>> listed;  // by list
    std::vector<std::unique_ptr<Starts>> near;    // by group of phrases
  };

  struct Scan {
    std::string_view text;
    const ScanOptions& options;
    Mode& mode;
    std::vector<Finding> found;
  };

  explicit Scanner(std::vector<Rule> rules)
      : rules_(std::move(rules)), opaque_(rules_), context_(rules_) {}

  /// What is walked with: through the places where matches may begin, and through the words.
  struct Programs {
    Program matches, words;
    std::vector<uint32_t> word_entries;
  };

  Result<bool> compile(Programs* programs);
  Result<bool> compile_words(Programs* programs);
  void note_first_bytes();
  Result<Compiled> compile_one(uint32_t rule, uint32_t pattern, Programs* programs);
  bool may_begin(const Compiled& compiled, Place place) const;
  Starts add_starts(const std::vector<const Compiled*>& patterns);
  Mode& mode_of(const ScanOptions& options);
  const Starts& start_alone(const Scan& scan);
  const Listed& start_listed(uint32_t list, const Scan& scan);
  const Starts& start_near(uint32_t group, const Scan& scan);
  uint16_t least_score(uint32_t rule, const ScanOptions& options) const;
  bool stands_alone(const Compiled& compiled, const ScanOptions& options) const;
  void read(std::string_view text);
  void note_byte(std::string_view text, uint32_t at);
  uint32_t note_opaque(std::string_view text, uint32_t at);
  void note_near_digit(uint32_t at);
  void note_words(const Begin& begin, uint8_t what);
  void note_previous(uint32_t at);
  void read_previous();
  bool walk(Automaton* automaton, Automaton::Start start, std::string_view text, uint32_t at);
  void try_led(Scan* scan);
  void walk_listed(Scan* scan);
  void walk_near_words(Scan* scan);
  void walk_near(uint32_t phrase, uint32_t from, uint32_t to, Scan* scan);
  void walk_range(const Starts& starts, uint32_t from, uint32_t to, Scan* scan);
  void next_walk();
  void try_accepts(const Begin& begin, Scan* scan);
  bool handle(Compiled* compiled, uint32_t at, uint32_t end, Scan* scan);
  bool handle_whole(Compiled* compiled, const Begin& begin, uint32_t seen, Scan* scan);
  bool reach_back(Compiled* compiled, uint32_t at, uint32_t end, Scan* scan);
  bool follow(Compiled* compiled, uint32_t at, Scan* scan);
  bool is_held(const Compiled& compiled, uint32_t start, uint32_t end, const Scan& scan) const;
  bool consider(Compiled* compiled, uint32_t start, uint32_t end, Scan* scan);

  std::vector<Rule> rules_;
  std::vector<Compiled> compiled_;
  // Its ids: the context's phrases, then the patterns, then the gate's lists.
  std::unique_ptr<Automaton> words_automaton_;
  std::unique_ptr<Automaton> automaton_;
  Opaque opaque_;
  Context context_;
  Gate gate_;
  Automaton::Start words_ = 0;  // of the context and the gate
  // By byte, what it may begin: kPhrase, kMatch, and what else the reading of a text looks at.
  // kGap: no letter or digit; kOnlyGap: one of ASCII, and nothing begins with it.
  std::array<uint8_t, 256> bytes_{};
  static constexpr uint8_t kOpaque = 4, kDigits = 8, kMark = 16, kGap = 32, kOnlyGap = 64;
  std::unordered_map<uint32_t, Mode> modes_;  // by key; they stay where they are
  Mode* last_mode_ = nullptr;
  std::vector<Begin> begins_;     // where matches may begin
  std::vector<Led> led_;          // those that begin with a word
  std::vector<uint32_t> walked_;  // by group of phrases, how far it was looked; 0 between texts
  std::vector<Automaton::Accept> accepts_;
  std::vector<uint32_t> done_;  // by pattern, the last walk that is done with it
  uint32_t walk_ = 0;
};

}  // namespace subrosa::detect
