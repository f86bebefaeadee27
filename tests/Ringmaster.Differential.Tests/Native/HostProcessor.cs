using Ringmaster.Cpu.Models;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>What of the host's processor decides how outcomes are compared.</summary>
/// <param name="IsIntel">Its vendor is Intel; engines choose as AMD's processors do where the manuals leave a choice.</param>
internal readonly record struct HostProcessor(bool IsIntel)
{
    /// <summary>The processor that the tests run on.</summary>
    public static HostProcessor Present { get; } = new(HostCpu.ReadModel().IsIntel);
}
