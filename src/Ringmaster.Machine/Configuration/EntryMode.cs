namespace Ringmaster.Machine.Configuration;

/// <summary>How a kernel is started.</summary>
public enum EntryMode
{
    /// <summary>As the file's format says.</summary>
    Auto,

    /// <summary>In 16-bit real mode: a Linux image at its real-mode header, a flat binary at its first byte.</summary>
    Real,
}
