namespace Ringmaster.Machine.Configuration;

/// <summary>Firmware that a machine starts with.</summary>
/// <param name="Path">Its code, an absolute path.</param>
public sealed record FirmwareConfig(string Path)
{
    private const string OvmfCode = "/usr/share/OVMF/OVMF_CODE_4M.fd", OvmfVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

    /// <summary>Stands for a kernel's being started directly, whatever else a machine has.</summary>
    public static FirmwareConfig None { get; } = new("");

    /// <summary>SeaBIOS.</summary>
    public static FirmwareConfig Bios { get; } = new("/usr/share/seabios/bios-256k.bin") { Package = "seabios" };

    /// <summary>OVMF.</summary>
    public static FirmwareConfig Uefi { get; } = new(OvmfCode) { Package = "ovmf", VariablesTemplate = OvmfVariables };

    /// <summary>Whether it has variables, as UEFI firmware has.</summary>
    public bool HasVariables => (VariablesTemplate ?? VariablesFile) is not null;

    /// <summary>The Debian package that has the files, if it is known.</summary>
    public string? Package { get; init; }

    /// <summary>What the variables are in a machine's first run, an absolute path; null for none, or for a file that must exist.</summary>
    public string? VariablesTemplate { get; init; }

    /// <summary>Where the variables are kept, an absolute path; null to lose them at the end.</summary>
    public string? VariablesFile { get; init; }
}
