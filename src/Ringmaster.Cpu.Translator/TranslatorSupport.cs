using System.Runtime.Intrinsics.X86;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Translator;

/// <summary>Whether this host can run generated code, found by trying.</summary>
/// <param name="Works">It can.</param>
/// <param name="Explanation">What was found, in sentences; with a remedy where there is one.</param>
public sealed unsafe record TranslatorSupport(bool Works, string Explanation)
{
    /// <summary>Tries.</summary>
    public static TranslatorSupport Examine()
    {
        if (!Bmi2.X64.IsSupported)
            return new(false, "The host's processor has no BMI2, which generated code relies on (x86-64-v3 processors have it).");
        try
        {
            using var memory = CodeMemory.Create(4096);
            // MOV EAX, imm32; RET.
            ReadOnlySpan<byte> code = [0xB8, 0x2A, 0x00, 0x00, 0x00, 0xC3];
            code.CopyTo(new Span<byte>(memory.Writable, memory.Size));
            // SAFETY: the code is a whole function of the C calling convention.
            var result = ((delegate* unmanaged<int>)memory.Executable)();
            return result == 42 ? new(true, "Translates what is executed often to host code.")
                : new(false, "Generated code does not do what it says on this host.");
        }
        catch (LinuxException failure)
        {
            return new(false, $"The host does not let this process execute memory of its own ({failure.Message}). A security policy such as SELinux's execmem may forbid it.");
        }
    }
}
