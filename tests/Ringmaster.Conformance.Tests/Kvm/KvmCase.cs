using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Conformance.Tests.Qemu.Comparison;
using Ringmaster.Conformance.Tests.Qemu.Explanations;
using Ringmaster.Cpu.Kvm;
using Xunit.Sdk;

namespace Ringmaster.Conformance.Tests.Kvm;

/// <summary>A case on the kernel's vCPUs, where an end that is not Ringmaster's to decide may be excused.</summary>
internal static class KvmCase
{
    /// <summary>Runs and judges it. One that is excused must still let the engine come back, ready for the next.</summary>
    public static void Run(string engine, NamedCase named)
    {
        if (KvmExcuse.Forbids(named.Name))
            return;
        Guest? guest = null;
        try
        {
            guest = CaseRunner.Run(EngineUnderTest.Get(engine), named.Row);
            CaseTable.Judge(named.Row, guest);
        }
        catch (Exception failure) when (failure is XunitException or KvmException && IsExcused(engine, named, guest))
        {
        }
    }

    /// <summary>
    /// On an emulated processor, what it lacks is excused, a case that it is known to end otherwise by name, and an end whose every
    /// difference is one of its known ones.
    /// </summary>
    private static bool IsExcused(string engine, NamedCase named, Guest? guest)
    {
        if (KvmExcuse.Has(engine, named.Name))
            return true;
        if (!EmulatedProcessor.IsHost)
            return false;
        var expected = CaseRunner.Run(EngineUnderTest.Get("interpreter"), named.Row);
        var candidate = new CaseInQemu(named.Row, CaseRunner.Prepare(named.Row), expected);
        return OmissionRule.All.Any(rule => rule.Reason != Omission.AsksOutside && rule.Applies(candidate))
            || Explanation.All.Any(e => e.Names(named.Name))
            || (guest is not null && EndComparer.Compare(expected, guest, null).All(difference => Explanation.All.Any(e => e.Covers(named.Name, difference))));
    }
}
