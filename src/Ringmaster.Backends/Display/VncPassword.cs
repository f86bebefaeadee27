using System.Security.Cryptography;

namespace Ringmaster.Backends.Display;

/// <summary>The password of VNC authentication (RFC 6143, 7.2.2): the first eight characters are the key of a DES cipher.</summary>
public sealed class VncPassword
{
    /// <summary>How many characters count.</summary>
    public const int Length = 8;

    internal const int ChallengeSize = 16;

    private readonly byte[] _key;

    private VncPassword(byte[] key) => _key = key;

    /// <summary>Makes a password of text.</summary>
    /// <param name="text">The password. Characters after the eighth do not count, as everywhere with VNC.</param>
    /// <exception cref="ArgumentException">There is none, or DES cannot use it as a key; the message says what to do.</exception>
    public static VncPassword Create(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            throw new ArgumentException("The password is empty. Write up to eight characters.", nameof(text));
        if (text.Any(c => c > 0xFF))
            throw new ArgumentException("The password has characters that VNC cannot send. Use letters, digits and signs.", nameof(text));
        var key = new byte[Length];
        for (var i = 0; i < Math.Min(text.Length, Length); i++)
            key[i] = Mirror((byte)text[i]);
        // Sixteen keys undo what they have done, or what another has; they are refused by whatever implements DES.
        if (DES.IsWeakKey(key) || DES.IsSemiWeakKey(key))
            throw new ArgumentException("The password is one of a few that DES cannot use as a key. Choose another.", nameof(text));
        return new VncPassword(key);
    }

    /// <summary>What a client that knows the password answers.</summary>
    internal byte[] Answer(ReadOnlySpan<byte> challenge)
    {
        using var cipher = DES.Create();
        cipher.Key = _key;
        return cipher.EncryptEcb(challenge, PaddingMode.None);
    }

    /// <summary>Whether an answer is right; takes as long for a wrong one.</summary>
    internal bool Accepts(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> answer) =>
        CryptographicOperations.FixedTimeEquals(Answer(challenge), answer);

    /// <summary>VNC takes each byte of the key with the least significant bit first.</summary>
    private static byte Mirror(byte value)
    {
        var mirrored = 0;
        for (var bit = 0; bit < 8; bit++)
            mirrored |= ((value >> bit) & 1) << (7 - bit);
        return (byte)mirrored;
    }
}
