namespace Ringmaster.Host.Files;

/// <summary>Numbers of Linux's errors (errno(3)), as far as this program gives them itself.</summary>
public static class HostError
{
    /// <summary>No error.</summary>
    public const int None = 0;

    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT.</summary>
    public const int NoEntry = 2;

    /// <summary>EBADF.</summary>
    public const int BadDescriptor = 9;

    /// <summary>EEXIST.</summary>
    public const int Exists = 17;

    /// <summary>ENOTDIR.</summary>
    public const int NoDirectory = 20;

    /// <summary>EINVAL.</summary>
    public const int Invalid = 22;

    /// <summary>ENFILE.</summary>
    public const int TooManyFiles = 23;

    /// <summary>EROFS.</summary>
    public const int ReadOnly = 30;

    /// <summary>ENAMETOOLONG.</summary>
    public const int NameTooLong = 36;

    /// <summary>EPROTO.</summary>
    public const int Protocol = 71;

    /// <summary>EOPNOTSUPP.</summary>
    public const int NotSupported = 95;

    /// <summary>ESTALE.</summary>
    public const int Stale = 116;
}
