namespace Ringmaster.Guests.Tests.Harness;

/// <summary>A file that is gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(ReadOnlySpan<byte> content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ringmaster-guest-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(Path);
}
