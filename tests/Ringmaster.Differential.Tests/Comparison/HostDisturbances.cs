using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>What the host's operating system and its hypervisor can do to a case, so that it ends differently once in millions of times.</summary>
internal static class HostDisturbances
{
    // A hypervisor that keeps shadow page tables carries out stores to pages that it watches itself, and sometimes what follows them.
    // What its own interpreter does not know, VEX encodings above all, ends with #UD there.
    private const ulong InvalidOpcode = 6;

    /// <summary>Whether a case may end in several ways on the host.</summary>
    /// <param name="test">The case.</param>
    /// <param name="vector">The exception that has ended it on the host.</param>
    public static bool Reach(TestCase test, ulong vector) => vector == InvalidOpcode || test.Instructions.Exists(i => StoresPointers(i.Instruction.Mnemonic) || LoadsFlags(i.Instruction.Mnemonic));

    // Where the host switches to another thread, AMD's processors do not save the x87's pointers and last opcode unless an
    // exception is pending (APM 2 11.4.4), and an instruction that stores them finds others than those that the case has left.
    private static bool StoresPointers(Mnemonic mnemonic) => mnemonic is Mnemonic.Fnsave or Mnemonic.Fsave or Mnemonic.Fnstenv
        or Mnemonic.Fstenv or Mnemonic.Fxsave or Mnemonic.Fxsave64;

    // Linux gives NT and ID not back after a signal, such as the tick of the oracle's clock.
    private static bool LoadsFlags(Mnemonic mnemonic) => mnemonic is Mnemonic.Popf or Mnemonic.Popfd or Mnemonic.Popfq;
}
