// SPDX-License-Identifier: Apache-2.0
// How a scanner is made of its rules; scanner.cpp is how it scans.
#include <algorithm>

#include "detect/scanner.h"
#include "detect/validators/digits.h"

namespace subrosa::detect {
namespace {

std::string place(const Rule& rule, const Pattern& pattern, const char* field) {
  return rule.entity + (rule.kind.empty() ? "" : "/" + rule.kind) + "/patterns/" + pattern.name +
         "/" + field;
}

}  // namespace

Result<std::unique_ptr<Scanner>> Scanner::create(std::vector<Rule> rules) {
  if (rules.size() > kMaxRules) return Error{ErrorCode::kTooLong, 0, "rules"};
  std::unique_ptr<Scanner> scanner(new Scanner(std::move(rules)));
  Programs programs;
  if (const auto ok = scanner->compile(&programs); !ok) return ok.error();
  if (const auto ok = scanner->compile_words(&programs); !ok) return ok.error();
  scanner->automaton_ = std::make_unique<Automaton>(std::move(programs.matches));
  scanner->note_first_bytes();
  return scanner;
}

Result<bool> Scanner::compile(Programs* programs) {
  for (uint32_t r = 0; r < rules_.size(); ++r) {
    for (uint32_t p = 0; p < rules_[r].patterns.size(); ++p) {
      auto compiled = compile_one(r, p, programs);
      if (!compiled) return compiled.error();
      compiled_.push_back(std::move(*compiled));
    }
  }
  done_.assign(compiled_.size(), 0);
  return true;
}

/// What is looked for first, beside the patterns that words lead: the context's phrases, and the
/// words that patterns need.
Result<bool> Scanner::compile_words(Programs* programs) {
  uint32_t id = 0;
  for (const std::string& phrase : context_.patterns()) {
    const auto entry = programs->words.add(phrase, id++);
    if (!entry) return entry.error();
    programs->word_entries.push_back(entry->start);
  }
  std::vector<Program::Word> words = gate_.words();
  for (auto& [word, list] : words) list += id + static_cast<uint32_t>(compiled_.size());
  if (!words.empty()) programs->word_entries.push_back(programs->words.add_words(words).start);
  words_automaton_ = std::make_unique<Automaton>(std::move(programs->words));
  words_ = words_automaton_->add_start(std::move(programs->word_entries));
  walked_.assign(context_.groups(), 0);
  return true;
}

void Scanner::note_first_bytes() {
  std::vector<uint32_t> entries;
  for (const Compiled& c : compiled_) {
    if (!c.is_led) entries.push_back(c.entry);
  }
  const auto all = automaton_->add_start(std::move(entries));
  const auto note = [this](const ByteSet& bytes, uint8_t what) {
    for (size_t byte = 0; byte < bytes.size(); ++byte) {
      if (bytes[byte]) bytes_[byte] |= what;
    }
  };
  note(automaton_->first_bytes(all), kMatch);
  note(words_automaton_->first_bytes(words_), kPhrase);
  for (char digit = '0'; digit <= '9'; ++digit) bytes_[static_cast<uint8_t>(digit)] |= kDigits;
  bytes_['['] |= kOpaque;
  bytes_['@'] |= kMark;
  bytes_[':'] |= kMark;
  for (size_t byte = 0; byte < bytes_.size(); ++byte) {
    if (byte < 0x80 && is_alnum(static_cast<char>(byte))) continue;
    const bool is_only = byte < 0x80 && byte != '_' && bytes_[byte] == 0;
    bytes_[byte] |= is_only ? kGap | kOnlyGap : kGap;
  }
}

Result<Scanner::Compiled> Scanner::compile_one(uint32_t rule, uint32_t index, Programs* programs) {
  const Pattern& pattern = rules_[rule].patterns[index];
  const auto wrong = [&](const Error& error, const char* field) {
    return Error{error.code, error.at, place(rules_[rule], pattern, field)};
  };
  Compiled c;
  c.rule = rule;
  c.pattern = index;
  c.bounds = pattern.bounds;
  const std::string& lead = pattern.after.empty() ? pattern.regex : pattern.after;
  const std::pair<const std::string*, const char*> parts[] = {{&pattern.prefix, "prefix"},
                                                              {&pattern.regex, "regex"},
                                                              {&pattern.after, "after"},
                                                              {&pattern.before, "before"}};
  std::vector<AnyOf> words, words_behind;
  for (const auto& [text, field] : parts) {
    if (text->empty()) continue;
    const auto checked = Program::check(*text);
    if (!checked) return wrong(checked.error(), field);
    c.features |= checked->needs.features;
    (text == &pattern.prefix ? c.needs.back : c.needs.reach) += checked->needs.reach;
    for (AnyOf& list : words_of(*checked->root, text == &lead)) {
      (text == &pattern.before ? words_behind : words).push_back(std::move(list));
    }
    if (text != &lead) continue;
    c.has_near_digit = checked->needs.first_digit <= kNear;
    c.needs.digits = checked->needs.digits;
    if (&lead == &pattern.regex && pattern.prefix.empty())
      c.needs.digits = std::max(c.needs.digits, rules_[rule].least_digits);
    c.features |= features_of_digits(c.needs.digits);
    c.needs.length = checked->needs.length;
    c.needs.alphabet = checked->needs.alphabet;
    auto id = static_cast<uint32_t>(compiled_.size());
    c.is_led = checked->is_led();
    if (c.is_led) id += static_cast<uint32_t>(context_.patterns().size());
    const bool by_head = c.is_led || checked->is_by_head();
    Program& program = c.is_led ? programs->words : programs->matches;
    const auto entry = by_head ? program.add_head(*checked, id) : program.add(*checked, id);
    if (!entry) return wrong(entry.error(), field);
    c.entry = entry->start;
    if (c.is_led) programs->word_entries.push_back(c.entry);
    if (by_head) c.whole = std::make_unique<Matcher>(lead);
  }
  // The words of a small pattern tell no more than its own bytes do.
  if (c.whole) gate_.add(words, &c.needs.words);
  gate_.add(words_behind, &c.needs.words);
  if (!pattern.prefix.empty())
    c.prefix = std::make_unique<Matcher>(pattern.prefix, Direction::kBackward);
  if (!pattern.after.empty()) c.body = std::make_unique<Matcher>(pattern.regex);
  if (!pattern.before.empty()) c.before = std::make_unique<Matcher>(pattern.before);
  return c;
}

}  // namespace subrosa::detect
