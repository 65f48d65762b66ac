import Crypto
public import FoundationEssentials

/// Tells whether two requests ask for the same, without keeping what they asked.
public enum Fingerprint {
    /// SHA-256 in 64 hexadecimal digits; equal for equal bytes.
    public static func of(_ data: Data) -> String {
        SHA256.hash(data: data).map { byte in String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16) }.joined()
    }
}
