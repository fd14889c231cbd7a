// SPDX-License-Identifier: Apache-2.0
// A vault that is kept beyond its session: sealed under a data key, and nothing but that.
#pragma once

#include <memory>

#include "redact/vault.h"
#include "seal/at_rest.h"

namespace subrosa::redact {

/// entropy: seal::kAtRestEntropy bytes, never used before. Errors: those of seal::seal_at_rest.
Result<seal::Bytes> export_vault(const Vault& vault, const seal::DataKey& key,
                                 seal::ByteView entropy);

/// not_authentic for another key and everything else that is wrong with it.
Result<std::unique_ptr<Vault>> import_vault(seal::ByteView sealed, const seal::DataKey& key);

}  // namespace subrosa::redact
