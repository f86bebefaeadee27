using System.Diagnostics;

namespace Ringmaster.Backends.Tests.Disks;

/// <summary>QEMU's tools for images, the other implementation of the formats.</summary>
internal static class QemuTools
{
    internal static string Img(params string[] arguments)
    {
        var (code, output) = Run("qemu-img", arguments);
        Assert.True(code == 0, $"qemu-img {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    internal static string Io(string image, params string[] commands)
    {
        var (code, output) = Run("qemu-io", [.. commands.SelectMany(c => (string[])["-c", c]), "-f", "qcow2", image]);
        Assert.True(code == 0, $"qemu-io ended with {code}:\n{output}");
        return output;
    }

    /// <summary>Asserts that an image has neither errors nor, unless they are allowed, leaks.</summary>
    internal static void Check(string image, bool allowLeaks = false)
    {
        var (code, output) = Run("qemu-img", ["check", "-f", "qcow2", image]);
        const int leaks = 3;
        Assert.True(code == 0 || (allowLeaks && code == leaks), $"qemu-img check of {image} ended with {code}:\n{output}");
    }

    /// <summary>Asserts that an image holds these bytes.</summary>
    internal static void AssertContent(string image, ReadOnlySpan<byte> expected)
    {
        var raw = image + ".expected";
        File.WriteAllBytes(raw, expected);
        Img("compare", "-f", "qcow2", "-F", "raw", image, raw);
        File.Delete(raw);
    }

    private static (int Code, string Output) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
