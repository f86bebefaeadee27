using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A group of memory operands in a loop whose addresses move by the same distance in each round.</summary>
/// <param name="Group">The operands, from where they are in a round's beginning.</param>
/// <param name="Step">How far they move in a round.</param>
/// <param name="IndexMoves">It is the index register that moves; the base stays, and is part of what the distance's register holds.</param>
/// <param name="Slot">The slot of the check; 0 if the TLB's second level is asked.</param>
/// <param name="Distance">Holds the distance from linear to host addresses, with the address's part that stays in it.</param>
internal readonly record struct AddressStream(AddressGroup Group, long Step, bool IndexMoves, int Slot, HostRegister Distance);
