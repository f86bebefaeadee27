using Ringmaster.Devices.Chipset.AcpiPm;

namespace Ringmaster.Cli.Tests.EndToEnd;

/// <summary>Guests of a few bytes of 16-bit code, which start in real mode at 0:7C00.</summary>
internal static class RawGuest
{
    /// <summary>The options that start one.</summary>
    internal static string[] Options(string file) =>
        ["run", "--kernel", file, "--entry", "real", "--load", "0x7c00", "--memory", "2M"];

    /// <summary>The content of the file with a guest's name.</summary>
    internal static byte[] Named(string name) => name switch
    {
        "hi" => [.. Out8(0x3F8, 'h'), .. Out8(0x3F8, 'i'), .. PowerOff],
        // 2^26 rounds of LOOPD first.
        "late" => [0x66, 0xB9, 0, 0, 0, 4, 0x67, 0xE2, 0xFD, .. Out8(0x3F8, 'l'), .. PowerOff],
        "spin" => [.. Out8(0x3F8, '>'), 0xEB, 0xFE],
        "sleep" => [.. Out8(0x3F8, '>'), 0xFA, 0xF4, 0xEB, 0xFD],
        "exit33" => [.. Out8(0x501, (char)33), 0xEB, 0xFE],
        // LIDT from six zero bytes behind the code, INT3.
        "crash" => [0x0F, 0x01, 0x1E, 0x06, 0x7C, 0xCC, 0, 0, 0, 0, 0, 0],
        "reset" => Reset(),
        "echo" => Echo(),
        "button" => Button(),
        _ => throw new ArgumentException($"There is no guest {name}.", nameof(name)),
    };

    /// <summary>MOV DX, PM1a control; MOV AX, SLP_EN and type 0; OUT DX, AX; JMP $.</summary>
    private static byte[] PowerOff =>
        [.. Dx(AcpiPmLayout.Default.Pm1aControl.Value), 0xB8, 0x00, 0x20, 0xEF, 0xEB, 0xFE];

    private static byte[] Dx(int port) => [0xBA, (byte)port, (byte)(port >> 8)];

    private static byte[] Out8(int port, char value) => [.. Dx(port), 0xB0, (byte)value, 0xEE];

    /// <summary>Sends back what it receives until a q.</summary>
    private static byte[] Echo() =>
    [
        .. Dx(0x3FD), 0xEC, 0xA8, 0x01, 0x74, 0xFB, // wait for LSR's data-ready bit
        .. Dx(0x3F8), 0xEC, 0xEE, 0x3C, (byte)'q', 0x75, 0xEF, // IN, OUT; again unless q
        .. PowerOff,
    ];

    /// <summary>Enables the ACPI power button, says so, polls it, says so, and switches off.</summary>
    private static byte[] Button()
    {
        var events = AcpiPmLayout.Default.Pm1aEvent.Value;
        return
        [
            .. Out8(AcpiPmLayout.SmiCommand.Value, (char)AcpiPmLayout.AcpiEnable),
            .. Dx(events + 2), 0xB8, 0x00, 0x01, 0xEF,
            .. Out8(0x3F8, '>'),
            .. Dx(events), 0xED, 0xF6, 0xC4, 0x01, 0x74, 0xFA,
            .. Out8(0x3F8, 'b'),
            .. PowerOff,
        ];
    }

    /// <summary>Prints the CMOS byte 0x50's successor and resets until that is C.</summary>
    private static byte[] Reset() =>
    [
        .. Out8(0x70, (char)0x50), 0xE4, 0x71, // IN AL, 71h
        0x0C, 0x40, 0xFE, 0xC0, // OR AL, 40h; INC AL
        0xE6, 0x71, // OUT 71h, AL
        .. Dx(0x3F8), 0xEE,
        0x3C, (byte)'C', 0x74, 0x08, // CMP; JE over the reset
        .. Out8(0xCF9, (char)6), 0xEB, 0xFE,
        .. PowerOff,
    ];
}
