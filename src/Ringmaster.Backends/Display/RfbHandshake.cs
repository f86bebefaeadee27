using System.Security.Cryptography;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>The start of a connection: versions 3.3, 3.7 and 3.8 of the protocol, without or with a password (RFC 6143, 7.1 to 7.3).</summary>
/// <param name="input">From the client.</param>
/// <param name="output">To the client.</param>
internal sealed class RfbHandshake(RfbInput input, RfbOutput output)
{
    private const byte None = 1, VncAuthentication = 2;
    private const int VersionSize = 12, Accepted = 0, Failed = 1;

    // Guessing eight characters is slow already; this makes it hopeless.
    private static readonly TimeSpan s_afterWrongPassword = TimeSpan.FromSeconds(1);

    private int _minorVersion;

    /// <summary>Agrees on a version and lets the client prove that it knows the password, if there is one.</summary>
    /// <exception cref="RfbProtocolException">The client does not.</exception>
    internal void Authenticate(VncPassword? password)
    {
        output.Write("RFB 003.008\n"u8);
        output.Flush();
        _minorVersion = ReadVersion();
        ChooseSecurity(password is null ? None : VncAuthentication);
        if (password is not null)
            CheckPassword(password);
        else if (_minorVersion >= 8)
            output.WriteInt32(Accepted);
        output.Flush();
    }

    /// <summary>Reads whether the client shares the screen with others.</summary>
    internal bool ReadShared() => input.ReadByte() != 0;

    /// <summary>Tells the client what it sees.</summary>
    internal void WriteServer(ScreenSize size, string name)
    {
        output.WriteUInt16(size.Width);
        output.WriteUInt16(size.Height);
        RfbPixelFormat.Native.Write(output.Reserve(RfbPixelFormat.Size));
        output.WriteText(name);
        output.Flush();
    }

    private int ReadVersion()
    {
        Span<byte> version = stackalloc byte[VersionSize];
        input.Read(version);
        if (!version.StartsWith("RFB 003."u8) || version[^1] != '\n')
            throw new RfbProtocolException("it does not speak version 3 of the protocol");
        // Clients that name another version than these mean 3.3 (RFC 6143, 7.1.1).
        return System.Text.Encoding.ASCII.GetString(version[8..11]) switch
        {
            "008" => 8,
            "007" => 7,
            _ => 3,
        };
    }

    private void ChooseSecurity(byte type)
    {
        if (_minorVersion < 7)
        {
            output.WriteInt32(type);
            output.Flush();
            return;
        }
        output.Write([1, type]);
        output.Flush();
        if (input.ReadByte() == type)
            return;
        Refuse("This type of security was not offered.");
        throw new RfbProtocolException("it chose a type of security that was not offered");
    }

    private void CheckPassword(VncPassword password)
    {
        Span<byte> challenge = stackalloc byte[VncPassword.ChallengeSize];
        Span<byte> answer = stackalloc byte[VncPassword.ChallengeSize];
        RandomNumberGenerator.Fill(challenge);
        output.Write(challenge);
        output.Flush();
        input.Read(answer);
        if (password.Accepts(challenge, answer))
        {
            output.WriteInt32(Accepted);
            return;
        }
        Thread.Sleep(s_afterWrongPassword);
        Refuse("The password is wrong.");
        throw new RfbProtocolException("its password is wrong");
    }

    private void Refuse(string reason)
    {
        output.WriteInt32(Failed);
        if (_minorVersion >= 8)
            output.WriteText(reason);
        output.Flush();
    }
}
