// What Switchboard needs of the system's libcrypto.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Writes the 32 bytes of the SHA-256 of `count` bytes. 1, or 0 when the library failed.
int crypto_sha256(const void *bytes, size_t count, uint8_t *digest);

/// A SHA-256 that is taken piece by piece; NULL when there is no memory.
typedef struct crypto_hash crypto_hash;
crypto_hash *crypto_hash_start(void);
/// Takes in the next bytes. 1, or 0 when the library failed.
int crypto_hash_add(crypto_hash *hash, const void *bytes, size_t count);
/// Writes the 32 bytes and frees the hash; `digest` may be NULL, to free only. 1, or 0 on failure.
int crypto_hash_end(crypto_hash *hash, uint8_t *digest);

/// Whether two pieces of `count` bytes are equal, in a time that does not depend on where they
/// differ.
int crypto_equal(const void *one, const void *other, size_t count);

/// Fills `count` bytes with what nobody can guess. 1, or 0 when the library failed.
int crypto_random(void *bytes, size_t count);
