namespace Ringmaster.Machine.Configuration;

/// <summary>A directory of the host's that the guest can mount: <c>mount -t 9p -o trans=virtio,version=9p2000.L TAG /mnt</c>.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Tag">By what the guest finds it: 1 to 31 bytes of UTF-8, unlike those of other shares.</param>
/// <param name="IsReadOnly">Whether the guest may only read.</param>
public sealed record ShareConfig(string Path, string Tag, bool IsReadOnly);
