// SPDX-License-Identifier: Apache-2.0
#include "json/strict.h"

#include <algorithm>

namespace subrosa {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr size_t kMaxDepth = 16;
constexpr uint64_t kMaxInteger = (uint64_t{1} << 53) - 1;

/// Builds the value while it is read, since only then a second use of a key can be seen.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr) != nullptr; }
  bool boolean(bool value) override { return add(value) != nullptr; }
  bool string(string_t& value) override { return add(std::move(value)) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override {
    return add(value) && (value <= kMaxInteger || refuse_last());
  }
  bool number_integer(number_integer_t value) override {
    return add(value) && (value >= -static_cast<int64_t>(kMaxInteger) || refuse_last());
  }
  bool number_float(number_float_t, const string_t&) override {
    return add(nullptr) && refuse_last();
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return open(Json::object()); }
  bool start_array(size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    const bool is_new = stack_.back()->find(name) == stack_.back()->end();
    keys_.back() = std::move(name);
    return is_new || refuse_last();
  }
  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    error_ = {ErrorCode::kBadFormat, static_cast<uint32_t>(position ? position - 1 : 0), {}};
    return false;
  }

  Result<Json> take() && {
    if (error_.code != ErrorCode::kOk) return error_;
    return std::move(root_);
  }

 private:
  Json* add(Json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &parent.emplace(keys_.back(), std::move(value)).first.value();
  }
  bool open(Json value) {
    Json* added = add(std::move(value));
    if (stack_.size() == kMaxDepth) return refuse_last();
    stack_.push_back(added);
    keys_.emplace_back();
    return true;
  }
  bool close() {
    stack_.pop_back();
    keys_.pop_back();
    return true;
  }
  /// Refuses the value that was read last.
  bool refuse_last() {
    std::string where;
    for (size_t i = 0; i < stack_.size(); ++i) {
      where = stack_[i]->is_array() ? pointer_to(where, stack_[i]->size() - 1)
                                    : pointer_to(where, keys_[i]);
    }
    error_ = {ErrorCode::kBadFormat, 0, std::move(where)};
    return false;
  }

  Json root_;
  std::vector<Json*> stack_;  // the arrays and objects that are open
  std::vector<std::string> keys_;
  Error error_;
};

}  // namespace

Result<Json> parse_strict(std::string_view text) {
  if (text.size() > kMaxBytes) return ErrorCode::kTooLong;
  Builder builder;
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    Result<Json> failure = std::move(builder).take();
    return failure ? Result<Json>(ErrorCode::kBadFormat) : failure;
  }
  return std::move(builder).take();
}

std::string pointer_to(std::string_view parent, std::string_view key) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

std::string pointer_to(std::string_view parent, size_t index) {
  return pointer_to(parent, std::to_string(index));
}

void refuse(Error* error, std::string where, ErrorCode code) {
  if (error->code == ErrorCode::kOk) *error = {code, 0, std::move(where)};
}

Fields::Fields(const Json& value, std::string pointer, Error* error)
    : pointer_(std::move(pointer)), error_(error) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    subrosa::refuse(error_, pointer_);
  }
}

const Json* Fields::member(const char* key, bool required) {
  known_.emplace_back(key);
  if (!object_) return nullptr;
  const auto found = object_->find(key);
  if (found != object_->end()) return &*found;
  if (required) refuse(key);
  return nullptr;
}

bool Fields::has(const char* key) const { return object_ && object_->contains(key); }

std::string Fields::text(const char* key, size_t limit) {
  const Json* value = member(key, true);
  if (!value) return {};
  const auto* text = value->get_ptr<const std::string*>();
  if (!text || text->empty()) {
    refuse(key);
  } else if (text->size() > limit) {
    refuse(key, ErrorCode::kTooLong);
  } else {
    return *text;
  }
  return {};
}

std::string Fields::optional_text(const char* key, size_t limit) {
  if (has(key)) return text(key, limit);
  known_.emplace_back(key);
  return {};
}

uint32_t Fields::choice(const char* key, std::span<const std::string_view> names) {
  const std::string value = text(key);
  const auto found = std::find(names.begin(), names.end(), value);
  if (found != names.end()) return static_cast<uint32_t>(found - names.begin());
  refuse(key);
  return 0;
}

uint64_t Fields::number(const char* key, uint64_t limit) {
  const Json* value = member(key, true);
  if (!value) return 0;
  if (value->is_number_integer() && value->get<int64_t>() >= 0) {
    const auto number = value->get<uint64_t>();
    if (number <= limit) return number;
  }
  refuse(key);
  return 0;
}

bool Fields::flag(const char* key) {
  const Json* value = member(key, true);
  if (!value) return false;
  const auto* flag = value->get_ptr<const bool*>();
  if (!flag) refuse(key);
  return flag && *flag;
}

bool Fields::optional_flag(const char* key) {
  if (has(key)) return flag(key);
  known_.emplace_back(key);
  return false;
}

const Json* Fields::list(const char* key, size_t limit, size_t least) {
  const Json* value = member(key, least > 0);
  if (!value) return nullptr;
  if (!value->is_array() || value->size() < least) {
    refuse(key);
  } else if (value->size() > limit) {
    refuse(key, ErrorCode::kTooLong);
  } else {
    return value;
  }
  return nullptr;
}

std::vector<std::string> Fields::texts(const char* key, size_t limit, size_t least) {
  std::vector<std::string> texts;
  const Json* values = list(key, limit, least);
  if (!values) return texts;
  for (const Json& value : *values) {
    const auto* text = value.get_ptr<const std::string*>();
    if (!text || text->empty() || text->size() > 256 ||
        std::find(texts.begin(), texts.end(), *text) != texts.end()) {
      subrosa::refuse(error_, pointer_to(at(key), texts.size()));
      return {};
    }
    texts.push_back(*text);
  }
  return texts;
}

void Fields::refuse(const char* key, ErrorCode code) { subrosa::refuse(error_, at(key), code); }

void Fields::finish() {
  if (!object_) return;
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      subrosa::refuse(error_, pointer_to(pointer_, key));
      return;
    }
  }
}

}  // namespace subrosa
