using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>How requests of KVM are made (Linux, Documentation/virt/kvm/api.rst).</summary>
internal static partial class KvmNative
{
    internal const int ExpectedApiVersion = 12;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Call(int descriptor, nuint request, nuint argument);
}
