// SPDX-License-Identifier: Apache-2.0
// The Node addon: one template wraps every function of the C ABI, and each is one line in init.
// A number becomes a u32; a Uint8Array or a string (as UTF-8) becomes bytes. Returned are the bytes
// out, undefined when there are none, or [code, at, where] on failure. Few bytes are put into
// `answer`, and their number is returned: JavaScript copies them faster than it gets a new Buffer.
// It never throws for the core: TypeScript does.
#include <napi.h>

#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "subrosa/subrosa.h"

namespace {

/// Storage for the arguments that are strings, kept between calls: chat messages come by the
/// thousand. What was in it is wiped after each call.
struct Scratch {
  static constexpr size_t kMost = 5;  // in one function of the ABI
  std::string text[kMost];
  size_t sizes[kMost] = {};
  uint32_t used = 0;

  void wipe() {
    for (uint32_t i = 0; i < used; ++i) std::memset(text[i].data(), 0, sizes[i]);
    used = 0;
  }
};

Scratch& scratch() {
  static thread_local Scratch value;
  return value;
}

/// Reads JavaScript's arguments in C's order. Bytes are one argument there and two here: a pointer,
/// then its size.
struct Arguments {
  const Napi::CallbackInfo& info;
  Scratch& strings;
  size_t next = 0;
  bool size_is_next = false;
  uint32_t size = 0;

  Arguments(const Napi::CallbackInfo& call, Scratch& scratch) : info(call), strings(scratch) {}
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments() { strings.wipe(); }

  void take(uint32_t& value) {
    if (size_is_next) {
      size_is_next = false;
      value = size;
      return;
    }
    value = 0;
    napi_get_value_uint32(info.Env(), info[next++], &value);
  }

  void take(const uint8_t*& data) {
    static const uint8_t kNone = 0;
    data = &kNone;
    size = 0;
    size_is_next = true;
    if (next >= info.Length()) return;
    napi_value value = info[next++];
    if (take_string(value, data)) return;
    void* bytes = nullptr;
    size_t length = 0;
    if (napi_get_typedarray_info(info.Env(), value, nullptr, &length, &bytes, nullptr, nullptr) ==
            napi_ok &&
        length > 0) {
      data = static_cast<const uint8_t*>(bytes);
      size = static_cast<uint32_t>(length);
    }
  }

  bool take_string(napi_value value, const uint8_t*& data) {
    std::string& text = strings.text[strings.used];
    if (text.size() < 4096) text.resize(4096);
    size_t length = 0;
    if (napi_get_value_string_utf8(info.Env(), value, text.data(), text.size(), &length) != napi_ok)
      return false;
    if (length + 4 >= text.size()) {  // It may have been cut: ask for the length and take it again.
      napi_get_value_string_utf8(info.Env(), value, nullptr, 0, &length);
      std::memset(text.data(), 0, text.size());
      text.resize(length + 5);
      napi_get_value_string_utf8(info.Env(), value, text.data(), text.size(), &length);
    }
    strings.sizes[strings.used++] = length;
    size = static_cast<uint32_t>(length);
    data = reinterpret_cast<const uint8_t*>(text.data());
    return true;
  }
};

/// Where few bytes out are put, one for each environment.
constexpr size_t kAnswerBytes = 512;

Napi::Value bytes_out(const Napi::CallbackInfo& info, const sr_out& out) {
  if (out.size > kAnswerBytes) return Napi::Buffer<uint8_t>::Copy(info.Env(), out.data, out.size);
  std::memcpy(info.Data(), out.data, out.size);
  return Napi::Number::New(info.Env(), out.size);
}

Napi::Value failure(Napi::Env env, uint32_t status, const sr_out& out) {
  Napi::Array error = Napi::Array::New(env, 3);
  error.Set(0u, Napi::Number::New(env, status));
  error.Set(1u, Napi::Number::New(env, out.at));
  error.Set(2u, Napi::String::New(env, reinterpret_cast<const char*>(out.data), out.size));
  sr_free(out.data, out.size);
  return error;
}

template <typename... Parameters, size_t... Index>
Napi::Value call(const Napi::CallbackInfo& info, uint32_t (*function)(Parameters...),
                 std::index_sequence<Index...>) {
  static_assert((std::is_same_v<Parameters, const uint8_t*> + ... + 0) <= Scratch::kMost);
  [[maybe_unused]] Arguments arguments(info, scratch());
  sr_out out = {nullptr, 0, 0};
  std::tuple<Parameters...> parameters;
  (arguments.take(std::get<Index>(parameters)), ...);
  std::get<sr_out*>(parameters) = &out;
  const uint32_t status = std::apply(function, parameters);
  if (status != 0) return failure(info.Env(), status, out);
  if (out.size == 0) return info.Env().Undefined();
  const Napi::Value bytes = bytes_out(info, out);
  sr_free(out.data, out.size);
  return bytes;
}

template <typename... Parameters, size_t... Index>
Napi::Value ask(const Napi::CallbackInfo& info, uint32_t (*function)(Parameters...),
                std::index_sequence<Index...>) {
  Arguments arguments(info, scratch());
  std::tuple<Parameters...> parameters;
  (arguments.take(std::get<Index>(parameters)), ...);
  return Napi::Number::New(info.Env(), std::apply(function, parameters));
}

template <typename... Parameters>
constexpr size_t count_of(uint32_t (*)(Parameters...)) {
  return sizeof...(Parameters);
}

template <auto Function>
Napi::Value wrap(const Napi::CallbackInfo& info) {
  return call(info, Function,
              std::make_index_sequence<count_of(Function) - 1>());  // all but the last: out
}

template <auto Function>
Napi::Value wrap_ask(const Napi::CallbackInfo& info) {
  return ask(info, Function, std::make_index_sequence<count_of(Function)>());
}

template <auto Function>
void wrap_free(const Napi::CallbackInfo& info) {
  uint32_t handle = 0;
  napi_get_value_uint32(info.Env(), info[0], &handle);
  Function(handle);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  sr_init();
  auto answer = Napi::Uint8Array::New(env, kAnswerBytes);
  exports.Set("answer", answer);
#define SR_WRAP(name) \
  exports.Set(#name, Napi::Function::New<wrap<&name>>(env, #name, answer.Data()))
#define SR_WRAP_ASK(name) exports.Set(#name, Napi::Function::New<wrap_ask<&name>>(env, #name))
#define SR_WRAP_FREE(name) exports.Set(#name, Napi::Function::New<wrap_free<&name>>(env, #name))
  SR_WRAP(sr_stamp);
  SR_WRAP(sr_key_new);
  SR_WRAP(sr_key_import);
  SR_WRAP(sr_key_public);
  SR_WRAP(sr_key_export);
  SR_WRAP_FREE(sr_key_free);
  SR_WRAP(sr_key_id);
  SR_WRAP(sr_seal);
  SR_WRAP(sr_open);
  SR_WRAP(sr_inspect);
  SR_WRAP(sr_scanner_new);
  SR_WRAP_FREE(sr_scanner_free);
  SR_WRAP(sr_scanner_names);
  SR_WRAP(sr_detect);
  SR_WRAP(sr_explain);
  SR_WRAP(sr_composer_new);
  SR_WRAP_FREE(sr_composer_free);
  SR_WRAP(sr_composer_update);
  SR_WRAP(sr_redactor_new);
  SR_WRAP_FREE(sr_redactor_free);
  SR_WRAP(sr_vault_new);
  SR_WRAP_FREE(sr_vault_free);
  SR_WRAP(sr_vault_export);
  SR_WRAP(sr_vault_import);
  SR_WRAP(sr_redact);
  SR_WRAP(sr_restore);
  SR_WRAP(sr_session_begin);
  SR_WRAP(sr_session_accept);
  SR_WRAP(sr_session_read);
  SR_WRAP(sr_session_header);
  SR_WRAP(sr_session_seal);
  SR_WRAP(sr_session_open);
  SR_WRAP_FREE(sr_session_free);
  SR_WRAP(sr_sealer_new);
  SR_WRAP(sr_sealer_header);
  SR_WRAP(sr_sealer_seal);
  SR_WRAP_FREE(sr_sealer_free);
  SR_WRAP(sr_opener_new);
  SR_WRAP(sr_opener_open);
  SR_WRAP_FREE(sr_opener_free);
  SR_WRAP(sr_hpke_send);
  SR_WRAP(sr_hpke_receive);
  SR_WRAP(sr_hpke_encapsulated);
  SR_WRAP(sr_hpke_seal);
  SR_WRAP(sr_hpke_open);
  SR_WRAP(sr_hpke_export);
  SR_WRAP_FREE(sr_hpke_free);
  SR_WRAP(sr_primitive);
  SR_WRAP(sr_key_wrap);
  SR_WRAP(sr_key_unwrap);
  SR_WRAP(sr_data_key_from_passphrase);
  SR_WRAP(sr_decrypt);
  SR_WRAP(sr_redact_stream_new);
  SR_WRAP_FREE(sr_redact_stream_free);
  SR_WRAP(sr_redact_stream_push);
  SR_WRAP(sr_restore_stream_new);
  SR_WRAP_FREE(sr_restore_stream_free);
  SR_WRAP(sr_restore_stream_push);
  SR_WRAP(sr_data_key_new);
  SR_WRAP(sr_data_key_export);
  SR_WRAP_FREE(sr_data_key_free);
  SR_WRAP(sr_data_key_wrap);
  SR_WRAP(sr_data_key_unwrap);
  SR_WRAP(sr_seal_at_rest);
  SR_WRAP(sr_open_at_rest);
  SR_WRAP(sr_canonicalize);
  SR_WRAP(sr_hash_leaf);
  SR_WRAP(sr_append_leaves);
  SR_WRAP(sr_hash_tree);
  SR_WRAP(sr_plan_inclusion);
  SR_WRAP(sr_plan_consistency);
  SR_WRAP(sr_fold_proof);
  SR_WRAP(sr_verify_inclusion);
  SR_WRAP(sr_verify_consistency);
  SR_WRAP(sr_make_note_key);
  SR_WRAP(sr_sign_note);
  SR_WRAP(sr_open_note);
  SR_WRAP(sr_sign_checkpoint);
  SR_WRAP(sr_open_checkpoint);
  SR_WRAP(sr_write_inclusion);
  SR_WRAP(sr_open_inclusion);
  SR_WRAP(sr_write_consistency);
  SR_WRAP(sr_open_consistency);
  SR_WRAP(sr_policy_new);
  SR_WRAP_FREE(sr_policy_free);
  SR_WRAP(sr_policy_hash);
  SR_WRAP(sr_policy_describe);
  SR_WRAP(sr_consent_new);
  SR_WRAP(sr_consent_apply);
  SR_WRAP(sr_consent_set_policy);
  SR_WRAP(sr_consent_merge);
  SR_WRAP(sr_consent_to_ask);
  SR_WRAP(sr_consent_save);
  SR_WRAP_FREE(sr_consent_free);
  SR_WRAP_ASK(sr_decide);
  SR_WRAP(sr_consent_grant);
  SR_WRAP(sr_json_canonical);
  SR_WRAP(sr_json_hash);
  SR_WRAP(sr_json_sign);
  SR_WRAP(sr_json_verify);
#undef SR_WRAP_FREE
#undef SR_WRAP_ASK
#undef SR_WRAP
  return exports;
}

}  // namespace

NODE_API_MODULE(subrosa, init)
