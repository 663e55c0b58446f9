#include "CCrypto.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

int crypto_sha256(const void *bytes, size_t count, uint8_t *digest) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL) == 1;
}

crypto_hash *crypto_hash_start(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1)
        return (crypto_hash *)context;
    EVP_MD_CTX_free(context);
    return NULL;
}

int crypto_hash_add(crypto_hash *hash, const void *bytes, size_t count) {
    return EVP_DigestUpdate((EVP_MD_CTX *)hash, bytes, count) == 1;
}

int crypto_hash_end(crypto_hash *hash, uint8_t *digest) {
    int ok = digest == NULL || EVP_DigestFinal_ex((EVP_MD_CTX *)hash, digest, NULL) == 1;
    EVP_MD_CTX_free((EVP_MD_CTX *)hash);
    return ok;
}

int crypto_equal(const void *one, const void *other, size_t count) {
    return CRYPTO_memcmp(one, other, count) == 0;
}

int crypto_random(void *bytes, size_t count) { return RAND_bytes(bytes, (int)count) == 1; }
