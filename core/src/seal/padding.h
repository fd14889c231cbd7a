// SPDX-License-Identifier: Apache-2.0
// Length hiding. A plaintext is followed by 0x80 and zeros (ISO/IEC 7816-4) up to the next bucket:
// a multiple of 64 bytes up to 1 KiB, above that a size of Padme (at most 12 % more; the length
// then gives away O(log log n) bits).
#pragma once

#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::seal {

/// The bucket of a plaintext of `size` bytes.
size_t padded_size(size_t size);
/// Appends the plaintext and its padding; the caller has reserved the room.
void append_padded(ByteView plaintext, Bytes* out);
SecretBytes pad(ByteView plaintext);
/// Takes the padding off, in a time that does not depend on its length; not_authentic for any other
/// padding than the one pad() makes.
Result<SecretBytes> unpad(SecretBytes padded);

}  // namespace subrosa::seal
