namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>An access to memory that an instruction makes.</summary>
/// <param name="Address">How its address is formed, from the registers before the instruction.</param>
/// <param name="Size">Bytes: 1, 2, 4, 8, 16 or 32; 40 for the frame of IRET.</param>
/// <param name="Writes">A store, or the load of a read-modify-write.</param>
/// <param name="IsAligned">The address must be a multiple of the size.</param>
/// <param name="IsConditional">It may not be made, and then cannot fault.</param>
internal readonly record struct GuestAccess(GuestAddress Address, int Size, bool Writes, bool IsAligned = false, bool IsConditional = false);
