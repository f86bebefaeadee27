namespace Ringmaster.Devices.Chipset.InterruptController;

/// <summary>The saved state of one 8259A.</summary>
/// <param name="Lines">Levels of the eight inputs.</param>
/// <param name="Request">Interrupt request register (IRR).</param>
/// <param name="InService">In-service register (ISR).</param>
/// <param name="Mask">Interrupt mask register (IMR).</param>
/// <param name="LevelTriggered">Edge/level control register (ELCR).</param>
/// <param name="VectorBase">Vector of input 0; a multiple of 8.</param>
/// <param name="LowestPriority">The input with the lowest priority; 7 unless rotated.</param>
/// <param name="NextWord">Which initialization word the odd port expects: 2, 3, 4, or 0 once initialized.</param>
/// <param name="Single">ICW1 announced no cascade.</param>
/// <param name="FourthWord">ICW1 announced an ICW4.</param>
/// <param name="AutomaticEoi">ICW4: an acknowledged interrupt ends at once.</param>
/// <param name="RotateOnAutomaticEoi">OCW2: automatic ends rotate the priorities.</param>
/// <param name="SpecialFullyNested">ICW4: inputs of a slave interrupt each other.</param>
/// <param name="SpecialMask">OCW3: masked inputs in service do not block others.</param>
/// <param name="Poll">OCW3: the next read acknowledges.</param>
/// <param name="ReadInService">OCW3: the even port reads ISR instead of IRR.</param>
public sealed record PicChipState(
    byte Lines,
    byte Request,
    byte InService,
    byte Mask,
    byte LevelTriggered,
    byte VectorBase,
    byte LowestPriority,
    byte NextWord,
    bool Single,
    bool FourthWord,
    bool AutomaticEoi,
    bool RotateOnAutomaticEoi,
    bool SpecialFullyNested,
    bool SpecialMask,
    bool Poll,
    bool ReadInService);
