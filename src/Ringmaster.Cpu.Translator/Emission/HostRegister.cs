namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>A general register of the host, by its number in encodings.</summary>
internal enum HostRegister : byte
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,

    /// <summary>No register.</summary>
    None = 0xFF,
}
