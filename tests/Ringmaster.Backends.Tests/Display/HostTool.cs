using System.Diagnostics;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>Programs of the host that look at what was made here.</summary>
internal static class HostTool
{
    private static readonly string[] s_folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');

    internal static string? Find(string name) => s_folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program and returns its standard output; fails the test if it fails.</summary>
    internal static byte[] Run(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"{name} hangs");
        Assert.True(process.ExitCode == 0, $"{name} failed: {errors.Result}");
        return output.ToArray();
    }

    /// <summary>Reads a picture that a program of netpbm has written: <c>P6 width height 255</c> and the bytes of its colours.</summary>
    internal static (int Width, int Height, uint[] Pixels) ReadPixmap(byte[] file)
    {
        var at = 0;
        var words = new string[4];
        for (var i = 0; i < words.Length; i++)
        {
            var end = at + file.AsSpan(at).IndexOfAny((byte)' ', (byte)'\n');
            words[i] = System.Text.Encoding.ASCII.GetString(file, at, end - at);
            at = end + 1;
        }
        Assert.Equal(("P6", "255"), (words[0], words[3]));
        var pixels = file[at..].Chunk(3).Select(p => (uint)((p[0] << 16) | (p[1] << 8) | p[2])).ToArray();
        return (int.Parse(words[1]), int.Parse(words[2]), pixels);
    }
}
