using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Kvm;

/// <summary>A descriptor that takes KVM's requests. It is closed with this object.</summary>
public abstract unsafe class KvmHandle : SafeHandleMinusOneIsInvalid
{
    private protected KvmHandle(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    private protected int Descriptor => (int)handle;

    /// <summary>Switches something of a VM's, or of one vCPU's, on.</summary>
    /// <param name="capability">What.</param>
    /// <param name="argument">As api.rst says for it.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Enable(KvmCapability capability, ulong argument)
    {
        var request = new CapabilityRequest { Capability = (uint)capability };
        request.Arguments[0] = argument;
        Ask(KvmRequest.EnableCapability, ref request, $"KVM_ENABLE_CAP {capability}");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;

    /// <summary>Makes a request that takes a number or nothing.</summary>
    /// <returns>What it returned, which is not negative.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    private protected int Ask(nuint request, nuint argument, string name)
    {
        var result = KvmNative.Call(Descriptor, request, argument);
        return result >= 0 ? result : throw LinuxException.FromLastCall(name);
    }

    /// <summary>Makes a request about a structure.</summary>
    /// <returns>What it returned, which is not negative.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    private protected int Ask<T>(nuint request, ref T argument, string name) where T : unmanaged
    {
        // SAFETY: the structure is pinned, and as long as the request's number says or its own count does.
        fixed (T* pointer = &argument)
            return Ask(request, (nuint)pointer, name);
    }

    /// <summary>As <see cref="Ask(nuint, nuint, string)"/>, for who expects to be refused.</summary>
    /// <returns>What it returned, or a negative number.</returns>
    private protected int Try(nuint request, nuint argument) => KvmNative.Call(Descriptor, request, argument);

    /// <summary>struct kvm_enable_cap.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 104)]
    private struct CapabilityRequest
    {
        public uint Capability;
        public uint Flags;
        public Words Arguments;
    }

    [InlineArray(4)]
    private struct Words
    {
        private ulong _word;
    }
}
